"""What conversations and messages have beyond their names and texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tertulia.storage.columns import Id, Instant
from tertulia.storage.folding import fold_marks

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Widen conversations, members and messages, and make the tables around them."""
    op.add_column("conversations", sa.Column("picture", sa.Text()))
    op.add_column(
        "conversations",
        sa.Column("slow_mode_s", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.add_column(
        "conversations",
        sa.Column("indexed_seq", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.add_column("members", sa.Column("notify", sa.Text()))
    op.add_column("members", sa.Column("muted_until", Instant()))
    op.add_column("members", sa.Column("pinned_at", Instant()))
    op.add_column("members", sa.Column("archived_at", Instant()))
    op.add_column(
        "members",
        sa.Column("marked_unread", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("members", sa.Column("last_sent_at", Instant()))
    op.add_column("messages", sa.Column("pinned_at", Instant()))
    op.add_column("messages", sa.Column("extras", sa.Text()))
    op.create_index(
        "ix_messages_pinned",
        "messages",
        ["conversation_id", "pinned_at"],
        unique=False,
        sqlite_where=sa.text("pinned_at IS NOT NULL"),
        postgresql_where=sa.text("pinned_at IS NOT NULL"),
    )
    _find_rooms_without_their_accents()
    _make_what_hangs_on_messages()
    _make_what_belongs_to_conversations()
    _make_notifications()


def downgrade() -> None:
    """Take all of it away again."""
    for table in (
        "mentions",
        "media",
        "message_versions",
        "stars",
        "uploads",
        "preview_pictures",
        "scheduled",
        "invites",
        "bans",
        "audit",
        "push_subscriptions",
        "notification_settings",
    ):
        op.drop_table(table)
    op.drop_index(
        "ix_messages_pinned",
        table_name="messages",
        sqlite_where=sa.text("pinned_at IS NOT NULL"),
        postgresql_where=sa.text("pinned_at IS NOT NULL"),
    )
    op.drop_column("messages", "extras")
    op.drop_column("messages", "pinned_at")
    op.drop_column("members", "last_sent_at")
    op.drop_column("members", "marked_unread")
    op.drop_column("members", "archived_at")
    op.drop_column("members", "pinned_at")
    op.drop_column("members", "muted_until")
    op.drop_column("members", "notify")
    op.drop_column("conversations", "indexed_seq")
    op.drop_column("conversations", "slow_mode_s")
    op.drop_column("conversations", "picture")


def _find_rooms_without_their_accents() -> None:
    conversations = sa.table(
        "conversations",
        sa.column("number", sa.BigInteger()),
        sa.column("alias", sa.Text()),
        sa.column("name", sa.Text()),
        sa.column("description", sa.Text()),
        sa.column("search_text", sa.Text()),
    )
    connection = op.get_bind()
    found = connection.execute(sa.select(conversations)).all()
    for number, *shown, known in found:
        search_text = fold_marks("\n".join(text for text in shown if text))
        if search_text != known:
            connection.execute(
                sa.update(conversations)
                .where(conversations.c.number == number)
                .values(search_text=search_text)
            )


def _make_what_hangs_on_messages() -> None:
    op.create_table(
        "mentions",
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_mentions_conversation_id"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "account_id", "seq", name="pk_mentions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "media",
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("upload_id", Id()),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_media_conversation_id"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", "position", name="pk_media"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_media_kind", "media", ["conversation_id", "kind", "seq"], unique=False)
    op.create_index("ix_media_upload_id", "media", ["upload_id"], unique=False)
    op.create_table(
        "message_versions",
        sa.Column("message_id", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "seq", name="pk_message_versions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stars",
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("message_id", Id(), nullable=False),
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("starred_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_stars_account_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_stars_conversation_id"
        ),
        sa.PrimaryKeyConstraint("account_id", "message_id", name="pk_stars"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_stars_starred_at", "stars", ["account_id", "starred_at", "message_id"], unique=False
    )
    op.create_index("ix_stars_message_id", "stars", ["message_id"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("thumbnail", sa.Text()),
        sa.Column("attachment", sa.Text()),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant()),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_uploads_account_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_uploads_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_uploads_account_id", "uploads", ["account_id"], unique=False)
    op.create_index("ix_uploads_expires_at", "uploads", ["expires_at"], unique=False)
    op.create_table(
        "preview_pictures",
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_preview_pictures_conversation_id",
        ),
        sa.PrimaryKeyConstraint("blob", name="pk_preview_pictures"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "scheduled",
        sa.Column("id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reply_to", Id()),
        sa.Column("extras", sa.Text()),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.Column("failure", sa.Text()),
        sa.Column("claimed_until", Instant()),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_scheduled_account_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_scheduled_conversation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_scheduled"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_scheduled_account_id", "scheduled", ["account_id"], unique=False)
    op.create_index("ix_scheduled_due_at", "scheduled", ["due_at"], unique=False)


def _make_what_belongs_to_conversations() -> None:
    op.create_table(
        "invites",
        sa.Column("id", Id(), nullable=False),
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.Column("created_by", Id(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant()),
        sa.Column("max_uses", sa.BigInteger()),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", Instant()),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_invites_conversation_id"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name="fk_invites_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_invites"),
        sa.UniqueConstraint("digest", name="uq_invites_digest"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invites_conversation_id", "invites", ["conversation_id"], unique=False)
    op.create_table(
        "bans",
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("banned_by", Id(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_bans_account_id"),
        sa.ForeignKeyConstraint(["banned_by"], ["accounts.id"], name="fk_bans_banned_by"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_bans_conversation_id"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "account_id", name="pk_bans"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit",
        sa.Column("conversation_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("actor_id", Id(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("target_id", Id()),
        sa.Column("detail", sa.Text()),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.id"], name="fk_audit_actor_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_audit_conversation_id"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "id", name="pk_audit"),
        sqlite_with_rowid=False,
    )


def _make_notifications() -> None:
    op.create_table(
        "push_subscriptions",
        sa.Column("id", Id(), nullable=False),
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("session_id", Id(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("inserted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_push_subscriptions_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_push_subscriptions"),
        sa.UniqueConstraint("endpoint", name="uq_push_subscriptions_endpoint"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_push_subscriptions_account_id", "push_subscriptions", ["account_id"], unique=False
    )
    op.create_index(
        "ix_push_subscriptions_session_id", "push_subscriptions", ["session_id"], unique=False
    )
    op.create_table(
        "notification_settings",
        sa.Column("account_id", Id(), nullable=False),
        sa.Column("notify_private", sa.Text(), server_default="all", nullable=False),
        sa.Column("notify_groups", sa.Text(), server_default="all", nullable=False),
        sa.Column("notify_rooms", sa.Text(), server_default="mentions", nullable=False),
        sa.Column("shows_text", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("has_sound", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("digest_after_h", sa.BigInteger()),
        sa.Column("digest_sent_at", Instant()),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_notification_settings_account_id"
        ),
        sa.PrimaryKeyConstraint("account_id", name="pk_notification_settings"),
        sqlite_with_rowid=False,
    )
