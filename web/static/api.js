"use strict";

// Starts Swagger UI on the page of the API. No validator is asked elsewhere, nothing leaves this server.
document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("api");
  window.SwaggerUIBundle({
    url: place.dataset.spec,
    domNode: place,
    validatorUrl: null,
    docExpansion: "none",
    deepLinking: false,
    defaultModelsExpandDepth: -1,
    displayRequestDuration: true,
  });
});
