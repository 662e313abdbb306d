"""Alembic's way to our database: the application's engine and the models' metadata."""

from alembic import context
from flask import current_app

from enrollment.storage.tables import Base


def run() -> None:
    """Run the migrations in one transaction."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            user_module_prefix="tables.",
        )
        with context.begin_transaction():
            context.run_migrations()


run()
