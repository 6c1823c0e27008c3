"""Where checkpoints go, as settings say it."""

from pathlib import Path

from adapters.settings import Settings


def test_lists_are_written_with_commas_in_the_environment_and_as_lists_in_a_file(
    tmp_path: Path,
) -> None:
    config = tmp_path / "mingpai.toml"
    config.write_text(
        f'home = "{tmp_path}"\nwitnesses = ["https://w1.example k1", "- k2"]\n'
        'checkpoint_mail_to = "a@city.example"\n'
    )
    found = Settings.load(
        {
            "MINGPAI_CONFIG": str(config),
            "MINGPAI_CHECKPOINT_MAIL_TO": "b@city.example, c@city.example,",
        }
    )
    assert found.home == tmp_path
    assert found.witnesses == ("https://w1.example k1", "- k2")
    assert found.checkpoint_mail_to == ("b@city.example", "c@city.example")


def test_nothing_leaves_the_house_unless_it_is_said_where_to(tmp_path: Path) -> None:
    found = Settings.at(tmp_path)
    assert (found.witnesses, found.checkpoint_webhook, found.checkpoint_mail_to) == ((), "", ())
    assert found.checkpoints_url == f"sqlite:///{tmp_path / 'checkpoints.db'}"
    assert found.smtp_password_file == tmp_path / "smtp.password"
