"""What is typed on the pages of people and posts. Each form names its fields; what else is sent is not looked at."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from anju.accounts.models import Post, User
from anju.accounts.queries.people import people_for
from anju.accounts.queries.posts import colleagues
from anju.base.actor import Actor
from anju.places.models import OPEN, Organisation
from anju.places.queries.scoped import compounds_for, divisions_for, organisations_for
from anju.rules.roles import ROLES
from anju.web.fields import DayField, IdChoiceField, NameField
from anju.web.people.fields import NamedField, PhoneField
from anju.web.places.fields import ReasonField
from anju.web.places.forms import one_of

# Which field a service's refusal stands beside.
BESIDE: dict[str, str] = {
    "person.bad_name": "name",
    "person.bad_phone": "phone",
    "person.bad_username": "username",
    "person.username_taken": "username",
    "post.administrators_apart": "person",
    "post.already_held": "person",
    "post.appoint_own": "person",
    "post.area_ended": "division",
    "post.area_level": "division",
    "post.area_outside": "division",
    "post.compound_ended": "compound",
    "post.compound_missing": "compound",
    "post.dates": "last_day",
    "post.delegate_colleague": "to",
    "post.delegation_dates": "last_day",
    "post.delegation_starts": "starts_on",
    "post.end_in_the_past": "ends_on",
    "post.end_too_late": "ends_on",
    "post.hand_over_day": "on",
    "post.hand_over_same": "to",
    "post.person_disabled": "person",
    "post.too_early": "starts_on",
    "post.too_far_ahead": "starts_on",
    "post.unit_ended": "organisation",
    "post.unit_unfit": "role",
    "proposal.reject_reason": "reason",
    "recusal.dates": "last_day",
    "recusal.one_subject": "compound",
}


def after(last_day: date | None) -> date | None:
    """The first day no longer held, which is what is stored; people name the last day."""
    return last_day + timedelta(days=1) if last_day else None


def active_people(actor: Actor, today: date) -> "QuerySet[User]":
    return people_for(actor, on=today).filter(is_active=True).order_by("pinyin", "id")


def open_units(actor: Actor) -> "QuerySet[Organisation]":
    return organisations_for(actor).filter(OPEN).select_related("division").order_by("pinyin", "id")


class PersonForm(forms.Form):
    name = NameField(label="姓名", limit=50)
    username = forms.CharField(
        label="用户名",
        required=False,
        max_length=30,
        help_text="登录用，小写字母和数字；留空则按姓名拼音起一个。",
        error_messages={"max_length": "用户名最多 30 位。"},
    )
    phone = PhoneField(help_text="可不填。页面上只显示前三位和后四位。")

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class EditForm(forms.Form):
    name = NameField(label="姓名", limit=50)
    phone = PhoneField(label="新手机号", help_text="留空则不改。")
    no_phone = forms.BooleanField(label="删去已登记的号码", required=False)

    def phone_wanted(self) -> str | None:
        """None where the phone stays as it is, empty where it goes."""
        if self.cleaned_data["no_phone"]:
            return ""
        return self.cleaned_data["phone"] or None


class ReasonForm(forms.Form):
    reason = ReasonField()


class PeopleFilter(forms.Form):
    q = NameField(label="姓名、拼音或用户名", limit=50, required=False)
    state = one_of(
        "状态",
        [("", "全部"), ("active", "可登录"), ("without_post", "没有岗位"), ("disabled", "已停用")],
        required=False,
    )


class PostsFilter(forms.Form):
    q = NameField(label="单位名称或拼音", limit=50, required=False)
    show = one_of(
        "显示",
        [("", "全部"), ("vacant", "有空缺"), ("delegated", "有代理"), ("ending", "三十日内到期")],
        required=False,
    )


class AppointForm(forms.Form):
    """An appointment as wished; whether it may be is the rule's to say."""

    def __init__(self, actor: Actor, today: date, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        roles = [("", "请选择"), *((code, role.name) for code, role in ROLES.items())]
        compounds = compounds_for(actor).filter(OPEN).select_related("division").order_by("pinyin", "id")
        divisions = divisions_for(actor).filter(OPEN).exclude(level="county").select_related("parent")
        self.fields |= {
            "person": NamedField(label="人员", rows=active_people(actor, today)),
            "organisation": NamedField(label="单位", rows=open_units(actor)),
            "role": one_of("岗位", roles),
            "compound": NamedField(
                label="小区", rows=compounds, required=False, help_text="项目负责人、业委会成员、主管单位经办要填。"
            ),
            "division": NamedField(
                label="区划",
                rows=divisions,
                required=False,
                help_text="乡镇、社区的人只管一部分时填；留空则管本单位全部辖区。",
            ),
            "starts_on": DayField(label="起始日期", initial=today),
            "last_day": DayField(label="最后一天", required=False, help_text="没有期限的留空。"),
            "reason": ReasonField(),
        }


class EndForm(forms.Form):
    def __init__(self, today: date, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields |= {
            "ends_on": DayField(label="从哪天起不再担任", initial=today, help_text="填今天则立即失效。"),
            "reason": ReasonField(),
        }


class HandOverForm(forms.Form):
    def __init__(self, actor: Actor, today: date, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields |= {
            "to": NamedField(label="接收人", rows=active_people(actor, today)),
            "on": DayField(label="交接日", initial=today, help_text="从这一天起由接收人担任。"),
            "reason": ReasonField(),
        }


class DelegateForm(forms.Form):
    def __init__(self, post: Post, today: date, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields |= {
            "to": IdChoiceField(
                label="代理人", rows=colleagues(post, on=today), help_text=f"在{post.organisation.name}任职的人。"
            ),
            "starts_on": DayField(label="从哪天起", initial=today),
            "last_day": DayField(label="最后一天", help_text="含当天，最长半年。到期自动失效。"),
            "reason": ReasonField(),
        }


class RecusalForm(forms.Form):
    """What somebody keeps out of. `other` adds who, for whoever may record it for another."""

    def __init__(self, actor: Actor, today: date, *given: Any, other: bool = False, **more: Any) -> None:
        super().__init__(*given, **more)
        compounds = compounds_for(actor).filter(OPEN).select_related("division").order_by("pinyin", "id")
        if other:
            self.fields["person"] = NamedField(label="人员", rows=active_people(actor, today))
        self.fields |= {
            "compound": NamedField(label="小区", rows=compounds, required=False),
            "organisation": NamedField(
                label="单位", rows=open_units(actor), required=False, help_text="小区和单位只填一项。"
            ),
            "starts_on": DayField(label="从哪天起", initial=today),
            "last_day": DayField(label="最后一天", required=False, help_text="不知道哪天结束的留空。"),
            "reason": NameField(
                label="原因", limit=200, help_text="例如：本人或亲属住在这里。只有能看回避登记的人看得到。"
            ),
        }


class ShownForm(forms.Form):
    """What was shown to whoever decides."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SendBackForm(forms.Form):
    reason = NameField(label="退回的原因", limit=200, help_text="提出人会看到。")
