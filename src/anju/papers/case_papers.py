"""The papers of a case: forms to fill in and sign, and official letters in the manner of GB/T 9704.

What the office has not told stays visibly empty, 〔待填〕: nothing is guessed on a paper that somebody signs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from anju.cases.queries import papers as asked
from anju.cases.queries.papers import Sheet
from anju.papers import case_letters
from anju.papers.codes import qr_svg
from anju.papers.typeset import pdf

BLANK = "〔待填〕"


@dataclass(frozen=True, slots=True)
class Printing:
    """Around a paper: the county, the day, where its QR code leads (the case on the desk), the unit's telephone if known."""

    county: str
    on: date
    address: str
    phone: str
    trial: bool


def case_paper_pdf(sheet: Sheet, around: Printing) -> bytes:
    """Return one paper of a case as an A4 PDF."""
    build = _FORMS.get(sheet.offer.code)
    if build is None:
        return case_letters.letter_pdf(
            sheet, county=around.county, on=around.on, phone=around.phone, trial=around.trial
        )
    data = {
        "title": sheet.offer.title,
        "county": around.county,
        "number": sheet.number,
        "printed": str(around.on),
        "sheets": build(sheet, around),
    }
    return pdf("form.typ", data, trial=around.trial)


def row(label: str, value: str = "", tall: int = 0) -> dict[str, Any]:
    """One line of a form. `tall`: millimetres left free for a hand to write where there is no value."""
    return {"label": label, "value": value, "tall": tall}


def moment(at: datetime | None) -> str:
    return localtime(at).strftime("%Y年%-m月%-d日 %H:%M") if at else ""


def _page(
    title: str,
    sheet: Sheet,
    rows: Sequence[dict[str, Any]],
    *,
    above: str = "",
    lead: str = "",
    paragraphs: Sequence[str] = (),
    signs: Sequence[str] = (),
    qr: str = "",
    words: str = "",
) -> dict[str, Any]:
    return {
        "title": title,
        "above": above,
        "number": sheet.number,
        "lead": lead,
        "rows": list(rows),
        "paragraphs": list(paragraphs),
        "signs": list(signs),
        "qr": qr_svg(qr, scaled=True) if qr else "",
        "qr_words": words,
    }


def _where(sheet: Sheet) -> str:
    return "　".join(part for part in (sheet.place, sheet.compound, sheet.spot) if part)


def _due(sheet: Sheet) -> str:
    if sheet.due_at is None:
        return "未配置，以交办时告知的为准"
    doubt = "（暂估：当年工作日历还没有确认）" if sheet.provisional else ""
    return f"{case_letters.until(sheet.due_at)}前办结并反馈{doubt}"


def _basis(sheet: Sheet) -> str:
    return f"{sheet.edition}{sheet.cite}" if sheet.edition else sheet.cite


def _order(sheet: Sheet, around: Printing) -> list[dict[str, Any]]:
    lead = sheet.lead.name if sheet.lead else ""
    helpers = [row("协办单位", "、".join(sheet.helpers))] if sheet.helpers else []
    rows = [
        row("承办单位", lead),
        *helpers,
        row("事项", f"{sheet.matter}（{sheet.type}{'，紧急' if sheet.urgent else ''}）"),
        row("地点", _where(sheet)),
        row("问题", sheet.text or "见附图或当面交代", 24),
        row("交办时间", moment(sheet.dispatched_at)),
        row("办结期限", _due(sheet)),
        row("办理依据", _basis(sheet)),
        row("办结标准", sheet.close_when),
        row(
            "须交回",
            "1. 回执（本单最后一页，负责人签字、盖章）\n2. 处置前后照片；没有照片的写明原因\n3. 有文书的，附文书复印件",
        ),
    ]
    paragraphs = [
        "反映人身份保密，请勿打听。需要向反映人了解情况的，请与交办单位联系。",
        "不属于本单位职责的，请在交办后 1 个工作日内连同法规依据和建议单位一并退回。办不完的，请在到期 1 个工作日前申请延期。",
    ]
    words = "扫码登录，看这件事、录回执"
    return [
        _page("交办单", sheet, rows, above=sheet.bureau, paragraphs=paragraphs, signs=("交办人", "签收人", "签收时间"),
              qr=around.address, words=words),
        _receipt(sheet, around, lead),
    ]  # fmt: skip


def _receipt(sheet: Sheet, around: Printing, lead: str) -> dict[str, Any]:
    rows = [
        row("承办单位", lead),
        row("事项", f"{sheet.matter}　{sheet.compound}"),
        row("签收时间", "", 9),
        row("首次联系", "时间：　　　　　　　　方式：□电话　□上门　□联系不上", 0),
        row("到场时间", "", 9),
        row("办理经过", "", 38),
        row("办理结果", "□已解决　□部分解决　□解释说明　□不属实　□转其他单位：", 0),
        row("答复内容\n（写给反映人看，不写他人姓名、电话、房号）", "", 34),
        row("附件", "□处置前照片　 张　□处置后照片　 张　□文书　 份　□无照片，原因：", 0),
    ]
    paragraphs = ["请在办结期限前交回交办单位，或拍照发给交办人。收到后由交办单位当天扫描录入，期限按录入的时间计。"]
    signs = ("承办人", "负责人（盖章）", "交回日期", "收回执人", "录入人", "录入时间")
    return _page("交办单回执", sheet, rows, lead="", paragraphs=paragraphs, signs=signs,
                 qr=around.address, words="扫码登录，录入本回执")  # fmt: skip


_RESULTS = (
    ("stopped", "已停止"), ("promised", "承诺限期改正（　　月　　日前）"), ("refused", "拒绝"), ("in_vain", "无效"),
    ("danger", "现场危险，已撤离"),
)  # fmt: skip
_CAUSES = (
    ("refused", "拒绝改正"), ("in_vain", "劝阻无效"), ("late", "限期未改"), ("danger", "现场危险"), ("other", "其他："),
)  # fmt: skip


def _ticked(is_so: bool) -> str:
    return "■" if is_so else "□"


def _dissuasion(sheet: Sheet, _: Printing) -> list[dict[str, Any]]:
    rows = [
        row("劝阻单位", sheet.company),
        row("行为", sheet.matter),
        row("地点", _where(sheet)),
        row("发现经过", sheet.text, 20),
        row("劝阻时间", moment(sheet.dissuaded_at), 9),
        row("劝阻方式", "□当面　□电话　□书面　次数：　　"),
        row("劝阻内容", sheet.dissuasion, 30),
        row("劝阻结果", "　".join(f"{_ticked(code == sheet.dissuasion_result)}{word}" for code, word in _RESULTS)),
        row("照片", "　　张，拍摄时间：　　　　　　拍摄人："),
        row("被劝阻人说明", "", 20),
    ]
    paragraphs = [
        "物业服务企业和业主自治组织对违法行为应当及时劝阻、制止；制止无效的，及时报告并移送。劝阻时不得动手，不得扣押财物，有危险先报警。",
        "被劝阻人拒绝签字的，由在场的人写明情况并签字。",
    ]
    signs = ("劝阻人", "见证人", "被劝阻人")
    return [_page("劝阻制止记录", sheet, rows, above=sheet.company, paragraphs=paragraphs, signs=signs)]


def _referral(sheet: Sheet, around: Printing) -> list[dict[str, Any]]:
    to = sheet.lead.name if sheet.lead else sheet.town
    rows = [
        row("接收单位", to),
        row("移送单位", sheet.company),
        row("违法行为", sheet.matter),
        row("地点", _where(sheet)),
        row("发现经过", sheet.text, 22),
        row("劝阻情况", sheet.dissuasion, 26),
        row("劝阻时间", moment(sheet.dissuaded_at), 9),
        row("移送原因", "　".join(f"{_ticked(code == sheet.dissuasion_result)}{word}" for code, word in _CAUSES)),
        row("随附材料", "□劝阻制止记录　　份　□照片　　张　□其他："),
        row("依据", _basis(sheet)),
    ]
    paragraphs = ["接收单位收到后应当尽快到小区现场调查处理，并把结果告知移送单位和反映人。"]
    signs = ("移送人（盖章）", "接收人", "接收时间")
    return [_page("违法行为报告移送单", sheet, rows, lead=f"{to or BLANK}：", paragraphs=paragraphs, signs=signs,
                  qr=around.address, words="扫码登录，看这件事")]  # fmt: skip


def _session(sheet: Sheet, around: Printing) -> list[dict[str, Any]]:
    """Printed before the session to be signed, or after it with what was written down."""
    told = sheet.session or asked.Session(asked.Meeting(), "", ())
    meeting = told.meeting
    line = "姓名、职务：　　　　　　　　　　签名："
    others = ("社区（村）", "物业服务企业", "业委会（物管会）")
    rows = [
        row("事项", f"{sheet.matter}（{sheet.type}）"),
        row("地点", _where(sheet)),
        *([row("一并会商的", "\n".join(_told(one) for one in told.beside))] if told.beside else []),
        *(
            [row("时间、集合地点", meeting.line)]
            if meeting.line
            else [row("时间", moment(meeting.at)), row("集合地点", meeting.place)]
        ),
        row("任务分工", told.division),
        *(row(name, f"{line}\n{line}") for name in told.units),
        *(row(name, line) for name in others),
        row("到场情况", told.attendance, 18),
        row("处置记录", told.minutes, 30),
    ]
    paragraphs = ["没有到场的单位，由召集人写明请假或者缺席。反映人身份保密，不在本表签名。"]
    return [_page("联合处置签到表", sheet, rows, above=sheet.bureau, paragraphs=paragraphs, signs=("召集人", "记录人"),
                  qr=around.address, words="扫码登录，登记到场情况")]  # fmt: skip


def _told(one: asked.Beside) -> str:
    return f"{one.spot}　{one.matter}（{one.number}）".strip()


def _mediation(sheet: Sheet, _: Printing) -> list[dict[str, Any]]:
    rows = [
        row("纠纷", sheet.matter),
        row("地点", _where(sheet)),
        row("当事人甲", "", 12),
        row("当事人乙", "", 12),
        row("双方同意调解", "□甲方同意　□乙方同意　日期："),
        row("调解时间、地点", "", 10),
        row("甲方陈述", "", 30),
        row("乙方陈述", "", 30),
        row("调解意见", "", 30),
        row("结果", "□达成协议（另立协议书）　□改期再调：　　□不成，已告知可以申请仲裁、行政处理或向人民法院起诉"),
    ]
    return [_page("调解记录", sheet, rows, signs=("当事人甲", "当事人乙", "调解员"))]


def _agreement(sheet: Sheet, _: Printing) -> list[dict[str, Any]]:
    rows = [
        row("当事人甲", "姓名或名称：\n证件号码：\n住址和电话："),
        row("当事人乙", "姓名或名称：\n证件号码：\n住址和电话："),
        row("纠纷事实", "", 34),
        row("协议内容", "", 46),
        row("履行方式、期限", "", 20),
        row("司法确认", "□双方共同申请司法确认　□不申请"),
    ]
    paragraphs = [
        "双方自愿达成本协议，并按照约定履行。本协议一式三份，双方各执一份，调解组织存一份，自双方签名、调解员签名并加盖印章之日起生效。",
    ]
    signs = ("当事人甲", "当事人乙", "调解员（盖章）")
    return [_page("调解协议书", sheet, rows, paragraphs=paragraphs, signs=signs)]


_FORMS = {
    asked.ORDER: _order,
    asked.DISSUASION: _dissuasion,
    asked.REFERRAL: _referral,
    asked.SESSION: _session,
    asked.MEDIATION: _mediation,
    asked.AGREEMENT: _agreement,
}
