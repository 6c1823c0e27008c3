"""The table of kinds of condition. A new kind is a class in kinds/ and a line here."""

from __future__ import annotations

from domain.policy.kinds.base import Rule
from domain.policy.kinds.compose import AllOf, AnyOf
from domain.policy.kinds.formal import (
    FieldRequired,
    FormComplete,
    FundersStated,
    StarredProofs,
    TextLength,
    TotalsAgree,
    YearRows,
)
from domain.policy.kinds.naming import (
    NameAsNamed,
    NamedAt,
    NamedForYears,
    NamePattern,
    NotNamedAt,
)
from domain.policy.kinds.opinions import OpinionsComplete
from domain.policy.kinds.paper import Material
from domain.policy.kinds.people import (
    LeaderAge,
    LeaderHonour,
    LeaderQualification,
    LeaderTitle,
    LeaderYears,
)
from domain.policy.kinds.tables import Listed, TableRows
from domain.policy.kinds.team import FrontlineMember, ResidentStaff, TeamMembers, TeamSize
from domain.policy.kinds.unit import (
    Chosen,
    Declared,
    Judged,
    LegalPerson,
    Measured,
    NotExistingBody,
    SoundUnion,
    UnitConsent,
)
from domain.policy.kinds.work import Apprenticeship, OperatingYears, ResultsInWindow, VenueArea
from domain.policy.kinds.yearly import AnnualBudget, ResultsPerYear, TopicsPerYear

KINDS: dict[str, type[Rule]] = {
    rule.KIND: rule
    for rule in (
        LeaderHonour,
        LeaderTitle,
        LeaderAge,
        LeaderQualification,
        LeaderYears,
        TeamSize,
        TeamMembers,
        FrontlineMember,
        ResidentStaff,
        OperatingYears,
        ResultsInWindow,
        ResultsPerYear,
        TopicsPerYear,
        Apprenticeship,
        AnnualBudget,
        VenueArea,
        NamePattern,
        NameAsNamed,
        NamedAt,
        NotNamedAt,
        NamedForYears,
        LegalPerson,
        SoundUnion,
        UnitConsent,
        NotExistingBody,
        Material,
        FormComplete,
        FieldRequired,
        TextLength,
        YearRows,
        TotalsAgree,
        FundersStated,
        StarredProofs,
        Listed,
        TableRows,
        OpinionsComplete,
        Declared,
        Measured,
        Chosen,
        Judged,
        AnyOf,
        AllOf,
    )
}
