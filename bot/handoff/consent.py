"""Before a yes: who is there, what would be passed on, who must not read it, and the yes itself."""

from __future__ import annotations

from bot.conversation.record import Record
from bot.gateway.messages import Message
from bot.handoff import buttons
from bot.handoff.buttons import numbered
from bot.handoff.case import Case, Share
from bot.handoff.coming_back import ComingBack
from bot.handoff.service import Desk, HandoffService, NobodyThereError, TooManyError
from bot.handoff.states import State
from bot.handoff.summary import sentences, weigh
from bot.handoff.voice import lines_for
from bot.privacy.seal import ConversationKeys

COMMUNE = "commune"


class Consent:
    """What is said and done around the yes, in one conversation."""

    def __init__(self, service: HandoffService, keys: ConversationKeys, record: Record) -> None:
        """Take the conversation, whose record the caller saves."""
        self._service, self._voice = service, service.voice
        self._keys, self._record = keys, record

    def show(self, case: Case) -> Message:
        """Return "this is what they will see": the summary, who reads, and the choices.

        The field `consent` gives the summary by sentences, for a page that lets them be struck out.
        """
        voice, record, language = self._voice, self._record, self._record.language
        record.askings += 1
        found = sentences(record, voice.texts)
        # What words have opened isn't shown: whoever found them would read it.
        hidden = voice.phrase("comeback_hidden", language) if record.brought else None
        said = voice.say(
            "utter_handoff_consent_minor" if record.minor else "utter_handoff_consent",
            language,
            summary=" ".join([*([hidden] if hidden else []), *found]),
            team=self._team_name(),
            tool=self._tool_words(),
        )
        if not record.minor:
            more = [("handoff_elsewhere", buttons.ELSEWHERE)]
            if not record.brought:
                more.append(("comeback_have", buttons.BACK))
            said["buttons"] += [
                {"label": voice.phrase(label, language), "value": value} for label, value in more
            ]
            said["consent"] = {"asking": record.askings, "hidden": hidden, "sentences": found}
        return numbered(said, case, record.askings)

    async def nobody(self, desk: Desk | None) -> Message:
        """Return what is said when nobody is there: who answers now, and when somebody is here."""
        when, language = "", self._record.language
        if desk and desk.opens_at:
            moment = self._voice.when(desk.opens_at, language)
            when = self._voice.phrase("handoff_opens", language, moment=moment)
        show = lines_for(Case("", minor=self._record.minor))
        said = self._voice.say("utter_handoff_nobody", language, show=show, when=when)
        return await ComingBack(self._service, self._record).offer(said) if desk else said

    def weigh(self) -> None:
        """Look for danger in what was said so far."""
        weigh(self._record, self._service.assess)

    async def request(self, case: Case, share: Share) -> tuple[Case, list[Message]]:
        """Pass the conversation on, after a yes; return the case afterwards and what is said."""
        # To a child no summary was shown: only what they have read is passed on.
        summary = "" if self._record.minor else None
        try:
            case = await self._service.request(
                self._keys, self._record, case, share, summary=summary
            )
        except NobodyThereError as error:
            return case, [await self.nobody(error.desk)]
        except TooManyError:
            return case, [await self.nobody(None)]
        if case.state is not State.WAITING:
            return case, []
        position, _ = await self._service.store.place(case)
        return case, [await self._service.announcement(case, position)]

    def ask_commune(self) -> Message:
        """Ask which commune nobody should be from; the next message will be it."""
        self._record.expects = COMMUNE
        return self._voice.tell("handoff_elsewhere_ask", self._record.language)

    def elsewhere(self, text: str) -> tuple[bool, Message]:
        """Note the commune; tell whether it was clear which one, and what is said."""
        language, commune = self._record.language, self._voice.commune(text)
        if commune is None:
            again = [("handoff_elsewhere", buttons.ELSEWHERE), ("talk_to_someone", buttons.ASK)]
            return False, self._voice.tell("handoff_elsewhere_unknown", language, buttons=again)
        self._record.not_commune = commune.id
        name = commune.name[language]
        return True, self._voice.tell("handoff_elsewhere_noted", language, commune=name)

    def _team_name(self) -> str:
        """Return who would read."""
        service, language = self._service, self._record.language
        for team in service.teams.of(service.network, language, self._record.minor):
            if team.name.get(language):
                return str(team.name[language])
        return self._voice.phrase("handoff_team", language)

    def _tool_words(self) -> str:
        """Return what is said of outside tools: their names and what they keep."""
        service, language = self._service, self._record.language
        return "".join(
            self._voice.phrase(
                "handoff_tool", language, name=e.name, keeps=e.keeps.get(language, "")
            )
            for e in service.endpoints(service.network)
            if e.name
        )
