"""李示例, whom a property company has put in charge of one compound."""

from tools.tours.walk import Missing, Walk

WHO = "Li, manager of one compound (项目负责人)"


def see_one_compound_only(walk: Walk) -> str:
    walk.become("李示例")
    walk.see("1 条未读通知")
    walk.turn_to("小区")
    walk.see("碧水花园")
    if (shown := walk.count("main tbody tr")) != 1:
        raise Missing(f"one compound alone; the list has {shown}")
    return "has one notice to read, of a dissuasion, and sees one compound alone"


def find_the_neighbours_closed(walk: Walk) -> str:
    answer = walk.page.goto(f"{walk.address}/places/compounds/2/")
    if answer is None or answer.status != 404:
        raise Missing("another company's compound answers as if it were not there")
    walk.see("没有找到这一页")
    return "tries the address of another company's compound: it is as if it were not there"


STEPS = (see_one_compound_only, find_the_neighbours_closed)
