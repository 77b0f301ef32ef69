"""From environment variables to connection parameters: one pure function, used by settings and commands alike."""

from collections.abc import Mapping
from typing import Any, Literal

from anju.config.failure import Failure
from anju.config.home import Home

Role = Literal["app", "owner"]
DATABASE = "anju"
ROLE_NAMES: dict[Role, str] = {"app": "anju_app", "owner": "anju_owner"}


def is_external(env: Mapping[str, str]) -> bool:
    return bool(env.get("ANJU_DATABASE_URL", "").strip())


def connection(env: Mapping[str, str], role: Role) -> dict[str, Any]:
    """libpq parameters for the runtime role or for the owner of the tables."""
    if not is_external(env):
        return {"host": str(Home.of(env).socket), "dbname": DATABASE, "user": ROLE_NAMES[role]}
    url = env["ANJU_DATABASE_URL"]
    if role == "owner":
        url = env.get("ANJU_DATABASE_OWNER_URL", "").strip() or url
    return _parse(url.strip())


def roles_are_separate(env: Mapping[str, str]) -> bool:
    return connection(env, "app").get("user") != connection(env, "owner").get("user")


def django_database(env: Mapping[str, str], role: Role) -> dict[str, Any]:
    parameters = connection(env, role)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parameters.pop("dbname", DATABASE),
        "USER": parameters.pop("user", ""),
        "PASSWORD": parameters.pop("password", ""),
        "HOST": parameters.pop("host", ""),
        "PORT": str(parameters.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parameters, "prepare_threshold": 0, "pool": {"min_size": 1, "max_size": 4, "timeout": 10}},
    }


def _parse(url: str) -> dict[str, Any]:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    if not url.startswith(("postgres://", "postgresql://")):
        raise Failure(
            "ANJU_DATABASE_URL must begin with postgresql://",
            "数据库地址 ANJU_DATABASE_URL 应以 postgresql:// 开头",
        )
    try:
        return {key: value for key, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError as error:
        raise Failure(
            "ANJU_DATABASE_URL is not a valid address",
            "数据库地址 ANJU_DATABASE_URL 写得不对",
        ) from error
