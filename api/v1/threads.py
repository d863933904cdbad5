"""Conversations, with what is said in each."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_filters import ChoiceFilter
from rest_framework import serializers

from alignment.models import Proposal
from api.filters import COMPARED, VERY_TEXT, ColumnFilters, OwnerFilter, TextFilter
from api.v1.resources import message_resources, proposal_resources, thread_resources
from api.views import ReadList, ReadOne
from conversations.access import thread_for
from conversations.models import Message, Thread
from exchange.bundle.format.talk import WORDS

KINDS = {word: kind for kind, word in WORDS.items()}
SUBJECTS = [(word, word) for word in KINDS]


class SubjectKindField(serializers.ChoiceField):
    """What kind of thing something is, in the word of the company bundle."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=SUBJECTS, **options)

    def to_representation(self, value: str) -> str:
        return WORDS[value]


class ThreadSerializer(serializers.ModelSerializer[Thread]):
    """A conversation, in the columns of the company bundle."""

    about_kind = SubjectKindField(help_text="What kind of thing it is about.")
    about = serializers.CharField(
        source="about_key", allow_null=True, help_text="Its key; a link is initiative:goal, and the company null."
    )
    asker = serializers.EmailField(source="asker_email", help_text="E-mail address of whoever asked.")
    answers_kind = SubjectKindField(help_text="What kind of thing the other side answers for.")
    answers = serializers.CharField(
        source="answers_key", allow_null=True, help_text="Its key, as far as you may see it; the company has none."
    )

    class Meta:
        model = Thread
        fields = [
            *("key", "kind", "about_kind", "about", "aspect", "asker", "answers_kind", "answers", "opened_at", "turn"),
            *("turned_at", "due_on", "outcome", "closed_at", "last_at"),
        ]
        read_only_fields = fields


class MessageSerializer(serializers.ModelSerializer[Message]):
    """A message, in the columns of the company bundle; its text is Markdown, and blank once it was taken away."""

    number = serializers.IntegerField(help_text="Its place in the conversation, from 1.")
    author = serializers.EmailField(source="author.email", help_text="E-mail address of whoever wrote it.")
    pinned = serializers.BooleanField(help_text="Whether it is the answer.")
    removed_by = serializers.EmailField(
        source="removed_by_email", allow_null=True, help_text="E-mail address of whoever took its text away."
    )

    class Meta:
        model = Message
        fields = ["number", "author", "at", "text", "pinned", "edited_at", "removed_at", "removed_by"]
        read_only_fields = fields


class ProposalSerializer(serializers.ModelSerializer[Proposal]):
    """A goal that is proposed, in the columns of the company bundle; its why is the first message."""

    work = serializers.ListField(
        child=serializers.CharField(), source="work_keys", help_text="Keys of the initiatives that are its evidence."
    )
    goal = serializers.CharField(
        source="goal_key", allow_null=True, help_text="Key of the goal that came of it, as far as you may see it."
    )

    class Meta:
        model = Proposal
        fields = ["title", "measure", "because", "work", "goal", "linked_at"]
        read_only_fields = fields


class ThreadWithMessagesSerializer(ThreadSerializer):
    """A conversation with all that is said in it, in the order in which it was written."""

    messages = MessageSerializer(many=True)
    proposal = ProposalSerializer(allow_null=True, help_text="What it proposes; null for other kinds.")

    class Meta(ThreadSerializer.Meta):
        fields = [*ThreadSerializer.Meta.fields, "proposal", "messages"]
        read_only_fields = fields


class ThreadFilters(ColumnFilters):
    about_kind = ChoiceFilter(choices=SUBJECTS, method="of_kind")
    about = TextFilter("about_key", **VERY_TEXT)  # type: ignore[no-untyped-call]
    asker = OwnerFilter("asker")

    class Meta:
        model = Thread
        fields = {
            **{name: ["exact"] for name in ("key", "kind", "aspect", "turn", "outcome")},
            "due_on": COMPARED,
        }

    def of_kind(self, rows: QuerySet[Any], _name: str, word: str) -> QuerySet[Any]:
        return rows.filter(about_kind=KINDS[word])


class ThreadList(ReadList[Thread]):
    """All conversations about what you may see, by key."""

    queryset = Thread.objects.none()
    serializer_class = ThreadSerializer
    filterset_class = ThreadFilters

    def get_queryset(self) -> QuerySet[Thread]:
        return thread_resources(self.person)


class ThreadDetail(ReadOne[Thread]):
    """One conversation, with what is said in it."""

    queryset = Thread.objects.none()
    serializer_class = ThreadWithMessagesSerializer

    def get_object(self) -> Thread:
        rows = thread_resources(self.person).prefetch_related(message_resources(), proposal_resources(self.person))
        row: Thread = thread_for(self.person, self.kwargs["key"], rows=rows)
        return row
