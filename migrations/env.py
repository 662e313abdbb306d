"""Alembic's way to our database: the application's engine and the models' metadata."""

from alembic import context
from flask import current_app

from enrollment.storage.tables import Base


def run() -> None:
    """Run the migrations in one transaction.

    SQLite changes a table by making it anew, so its foreign keys rest meanwhile and are checked before the end.
    """
    engine = current_app.extensions["migrate"].db.engine
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:  # outside any transaction, where alone it has an effect
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            user_module_prefix="tables.",
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RuntimeError("a migration left rows that refer to nothing")
    if sqlite:
        engine.dispose()  # no connection goes on without its foreign keys


run()
