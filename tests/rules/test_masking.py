"""What everyone may see of names and numbers."""

import pytest

from anju.rules.masking import mask_name, mask_phones, masked_text


@pytest.mark.parametrize(
    ("name", "shown"),
    [("李示例", "李**"), ("示例·李", "示例·李**"), ("李经理 13500001234", "李**"), ("", ""), (" 𠮷祥 ", "𠮷**")],
)
def test_mask_name(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_mask_phones_masks_each_of_several() -> None:
    assert mask_phones("13500001234、0774-5280000") == "135****1234、0774-*****00"
    assert mask_phones(" ") == ""


def test_masked_text_leaves_what_is_not_personal() -> None:
    assert masked_text("示例物业公司", "organisation") == "示例物业公司"
    assert masked_text("李示例", "person") == "李**"
    assert masked_text("13500001234", "phone") == "135****1234"
