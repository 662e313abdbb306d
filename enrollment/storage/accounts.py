"""Accounts of cadres (账号)."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from enrollment.storage.tables import Base, RegionCode


class Account(Base):
    """Someone who signs in. ``territory_code`` decides role and scope; ``stamp`` changes end all sessions."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    territory_code: Mapped[str] = mapped_column(RegionCode)
    active: Mapped[bool] = mapped_column(default=True)
    stamp: Mapped[str] = mapped_column(String(16))
