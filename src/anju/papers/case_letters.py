"""Official letters of a case: 整改通知书 of the unit that handles it, 会商通知 and documents of oversight of the bureau.

The number of a letter (发文字号) belongs to the office's register, so its place stays open. Levels and measures are data: what they are
called and when a reply is due comes from the workflow.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from anju.cases.queries.papers import CALL, RECTIFICATION, Beside, Meeting, Oversight, Session, Sheet
from anju.papers.typeset import pdf

BLANK = "〔待填〕"
_LINE = 15  # characters of a line of the title
_WHEN = "〔　　〕年〔　〕月〔　〕日〔　〕时到〔待填〕"
_TALK = "请你单位负责人于{when}接受约谈，带齐办理材料，说明没有办结的原因、措施和完成时间。"
_CRITICISM = "现予通报。请你单位查找原因，明确责任人和完成时间，并书面报送整改情况。"
_MEASURES = {"talk": ("约谈安排", _TALK), "criticism": ("通报要求", _CRITICISM)}
_AT_A_CALL = (
    "请按时派员参加，带齐有关材料和执法证件。",
    "不能参加的，请在会商前向召集人请假并写明原因；没有请假也没有到场的，登记为未到，列入单位办理情况。",
    "反映人身份保密，请勿打听。",
)
_OTHER = ("办理要求", "请你单位按规定办理，并书面报送结果。")


@dataclass(frozen=True, slots=True)
class _Letter:
    agency: str
    title: tuple[str, ...]
    to: str
    lead: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    cc: str = ""
    number: str = ""


def letter_pdf(sheet: Sheet, *, county: str, on: date, phone: str, trial: bool) -> bytes:
    """Return a letter as an A4 PDF. `phone`: of the unit that writes, if it is known."""
    build = _LETTERS.get(sheet.offer.code, _oversight)
    letter = build(sheet, county)
    data = {
        "agency": letter.agency or BLANK,
        "no": letter.number or f"〔{on.year}〕　　　号",
        "title": list(letter.title),
        "to": letter.to or BLANK,
        "lead": letter.lead,
        "sections": [{"head": head, "body": list(body)} for head, body in letter.sections],
        "date": _day(_dated(sheet, on)),
        "contact": f"{BLANK}，电话{phone or BLANK}",
        "cc": letter.cc,
        "printed": _day(_dated(sheet, on)),
    }
    return pdf("letter.typ", data, trial=trial)


def _dated(sheet: Sheet, on: date) -> date:
    """A level, a measure or a rectification bears the day it was ordered, a call the day it was made, whenever its letter is printed."""
    oversight, session = sheet.oversight, sheet.session
    at = oversight.at if oversight else session.called_at if session else sheet.ordered_at
    return localtime(at).date() if at else on


def official(name: str, county: str) -> str:
    """Return a unit's name with its county in full: 县住建局 is 示例县住建局 to whoever gets a letter."""
    return county + name.removeprefix("县") if name.startswith("县") and county.endswith("县") else name


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def until(at: datetime | None) -> str:
    """Return an end in words: 12月3日24时 where it falls on midnight, the hour itself otherwise."""
    if at is None:
        return BLANK
    end = localtime(at)
    if end.hour or end.minute:
        return f"{_day(end.date())}{end.hour}时" + (f"{end.minute}分" if end.minute else "")
    return f"{_day(end.date() - timedelta(days=1))}24时"


def _titled(start: str, end: str) -> tuple[str, ...]:
    """Break a title into two lines where it does not fit into one, in front of its last words."""
    return (start + end,) if len(start + end) <= _LINE else (start, end)


def _rectification(sheet: Sheet, county: str) -> _Letter:
    items = [line.strip() for line in sheet.items.splitlines() if line.strip()]
    numbered = tuple(f"{place}. {text}" if len(items) > 1 else text for place, text in enumerate(items, 1))
    basis = f"{sheet.edition}{sheet.cite}。法律、法规条款：{BLANK}。"
    return _Letter(
        agency=official(sheet.lead.name, county) if sheet.lead else "",
        title=_titled(f"关于{sheet.compound}{sheet.matter}问题的", "整改通知书"),
        to="、".join(sheet.respondents),
        lead=f"经核查，{sheet.compound}{sheet.spot}存在{sheet.matter}问题（编号{sheet.number}）。现通知你（单位）按下列要求整改。",
        sections=(
            ("整改事项", numbered or (BLANK,)),
            ("整改期限", (f"请于{until(sheet.rectify_by)}前完成整改。",)),
            ("依据", (basis,)),
            (
                "报告整改结果",
                ("完成后请书面报告，逐项附完成凭证和整改后的照片。对本通知有异议的，可以向本单位陈述、申辩。",),
            ),
            ("逾期责任", ("逾期不整改或者整改不到位的，依法处理。",)),
        ),
        cc=_others(sheet.bureau, sheet.town, but=sheet.lead.name if sheet.lead else ""),
        number=sheet.order_number,
    )


def _call(sheet: Sheet, county: str) -> _Letter:
    """To every unit that is called, the lead among them."""
    told = sheet.session or Session(Meeting(), "", ())
    meeting = told.meeting
    when = meeting.line or f"{_hour(meeting.at) or BLANK}，{meeting.place or BLANK}"
    return _Letter(
        agency=official(sheet.bureau, county),
        title=_titled(f"关于{sheet.compound}{sheet.matter}{'等' if told.beside else ''}问题的", "会商通知"),
        to="、".join(told.units),
        lead=f"{_served(sheet, told)}须由有关单位联合处置。现就会商有关事项通知如下。",
        sections=(
            *_table(sheet, told),
            ("时间、地点", (f"{when}。",)),
            ("任务分工", (told.division or BLANK,)),
            ("有关要求", _AT_A_CALL),
        ),
        cc=_others(*(name for name in (sheet.town,) if name not in told.units), but=""),
    )


def _served(sheet: Sheet, told: Session) -> str:
    if told.beside:
        return f"{sheet.compound}的下列{len(told.beside) + 1}件事"
    return f"{sheet.compound}{sheet.spot}{sheet.matter}一事（编号{sheet.number}）"


def _table(sheet: Sheet, told: Session) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The cases of a session that serves several, one a line."""
    if not told.beside:
        return ()
    cases = (Beside(sheet.number, sheet.matter, sheet.spot), *told.beside)
    lines = (f"{place}. {one.spot}{one.matter}（编号{one.number}）" for place, one in enumerate(cases, 1))
    return (("会商事项", tuple(lines)),)


_LETTERS = {RECTIFICATION: _rectification, CALL: _call}


def _hour(at: datetime | None) -> str:
    return f"{localtime(at):%Y年%-m月%-d日%-H时}" + f"{localtime(at):%M分}".removeprefix("00分") if at else ""


def _oversight(sheet: Sheet, county: str) -> _Letter:
    told = sheet.oversight or Oversight("", "")
    lead = sheet.lead.name if sheet.lead else ""
    return _Letter(
        agency=official(sheet.bureau, county),
        title=_titled(f"关于{sheet.compound}{sheet.matter}问题的", told.document),
        to=lead,
        lead=_opening(sheet, told),
        sections=(("基本情况", _state(sheet)), *_wanted(told)),
        cc=_others(sheet.town, but=lead),
    )


def _opening(sheet: Sheet, told: Oversight) -> str:
    since = f"，已超期{told.late}个工作日" if told.late else ""
    what = f"{sheet.compound}{sheet.spot}{sheet.matter}一事（编号{sheet.number}），已交你单位办理{since}。"
    cause = told.name if told.code else "督办"
    reason = f"{cause}原因：{told.reason.rstrip('。')}。" if told.reason else ""
    if told.code:
        return f"{what}{reason}现就有关事项通知如下。"
    step = told.name if told.name in told.document else f"督办（{told.name}）"
    return f"{what}{reason}现予{step}。"


def _state(sheet: Sheet) -> tuple[str, ...]:
    filed = localtime(sheet.filed_at).date()
    sent = localtime(sheet.dispatched_at).date() if sheet.dispatched_at else None
    given = f"，{'当日' if sent == filed else _day(sent)}交你单位办理" if sent else ""
    due = f"，应于{until(sheet.due_at)}前办结" if sheet.due_at else ""
    joined = f"另有{sheet.joined}户反映同一问题。" if sheet.joined else ""
    return (f"{_day(filed)}登记{given}{due}。{joined}",)


def _wanted(told: Oversight) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if told.code:
        head, body = _MEASURES.get(told.code, _OTHER)
        return ((head, (body.format(when=_summoned(told.meeting)),)),)
    if told.reply_by is None:
        return (("办理要求", ("请尽快办结，并说明没有按期办结的原因。确需延期的，说明理由和新的办结日期。",)),)
    wanted = f"请于{until(told.reply_by)}前书面答复办理结果，附办理前后照片。确需延期的，说明理由和新的办结日期。"
    return (
        ("督办要求", (wanted,)),
        ("逾期责任", ("逾期不答复的，按规定提高督办级别，并列入月通报。",)),
    )


def _summoned(meeting: Meeting | None) -> str:
    if meeting is None or not (meeting.at or meeting.line):
        return _WHEN
    return meeting.line or f"{_hour(meeting.at)}到{meeting.place}"


def _others(*names: str, but: str) -> str:
    return "，".join(name for name in names if name and name != but)
