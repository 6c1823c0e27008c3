"""The command line: every verb of the register for operators, auditors and programs.

Exit codes: 0 done, 1 the answer is no, 2 usage. What needs no database loads none.
"""

from __future__ import annotations

from typing import Any

import click
from eventsourcing.persistence import PersistenceError

from adapters.log.keys import UnsafeKeyFile
from adapters.log.keystore import KeyLost, WrongMaster
from adapters.log.merkle import InvalidProof
from adapters.log.notes import InvalidNote
from adapters.log.verification import LogDamaged
from adapters.packs.reading import PackError
from adapters.settings import SettingsError
from domain.errors import DomainError
from web.cli import audit, imports, jobs, keys, log, messages, packs, records, running, users
from web.cli.shared import refuse


class Commands(click.Group):
    """A refusal is one line on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.UsageError(str(error)) from error
        except PackError as error:
            refuse(*map(str, error.problems))
        except DomainError as error:
            refuse(error.message)
        except InvalidProof as error:
            refuse(f"证明不成立：{error}")
        except (InvalidNote, LogDamaged, UnsafeKeyFile, KeyLost, WrongMaster) as error:
            refuse(str(error))
        except PersistenceError as error:
            refuse(f"数据库不可用：{str(error).splitlines()[0]}")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mingpai")
def main() -> None:
    """Mingpai (铭牌), the register of innovation studios."""


for command in (
    running.serve,
    running.demo,
    running.rebuild,
    packs.policy,
    packs.workdays,
    packs.calendar,
    records.studio,
    records.export,
    imports.imports,
    log.log,
    jobs.jobs,
    log.witness,
    messages.messages,
    audit.trace,
    audit.audit,
    audit.person,
    keys.keys,
    users.user,
):
    main.add_command(command)


if __name__ == "__main__":
    main()
