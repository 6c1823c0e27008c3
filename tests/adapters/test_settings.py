"""Settings: from the environment and a file, and refused by the name of their key."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.settings import Settings, SettingsError


def test_paths_stand_below_the_home_folder_unless_they_are_absolute(tmp_path: Path) -> None:
    settings = Settings.at(tmp_path, packs="own", evidence="/srv/evidence")
    assert (settings.packs, settings.evidence) == (tmp_path / "own", Path("/srv/evidence"))
    assert settings.database_url == f"sqlite:///{tmp_path / 'mingpai.db'}"


def test_variables_come_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mingpai.toml"
    file.write_text('port = 8100\nscheduler = "off"\nwitnesses = ["http://a KEY"]\n')
    given = {"MINGPAI_CONFIG": str(file), "MINGPAI_HOME": str(tmp_path), "MINGPAI_PORT": "8200"}
    settings = Settings.load(given)
    assert (settings.port, settings.scheduler, settings.proxies) == (8200, "off", 0)
    assert settings.witnesses == ("http://a KEY",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "eighty"),
        ("port", "-1"),
        ("port", "65536"),
        ("proxies", "many"),
        ("proxies", "-1"),
        ("scheduler", "perhaps"),
        ("public_url", "ftp://register.example"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_key(
    name: str, value: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.load({"MINGPAI_HOME": str(tmp_path), f"MINGPAI_{name.upper()}": value})


def test_an_unknown_key_of_the_file_is_refused_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "mingpai.toml"
    file.write_text("colour = 1\n")
    with pytest.raises(SettingsError, match="colour"):
        Settings.load({"MINGPAI_CONFIG": str(file)})
