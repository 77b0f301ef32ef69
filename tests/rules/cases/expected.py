"""What the specification allows, written out by hand and not read from workflow.toml: from, to, roles, types of every act.

Types: C 投诉, S 排查问题, L 执法线索, H 隐患, D 纠纷. States by their first letters, see STATES. `=`: the state stays.
"""

from dataclasses import dataclass

TYPES = {"C": "complaint", "S": "survey_problem", "L": "enforcement_lead", "H": "hazard", "D": "dispute"}
STATES = {
    "su": "submitted", "in": "info_needed", "rj": "rejected", "mg": "merged", "ac": "accepted", "di": "dissuading",
    "dp": "dispatched", "ha": "handling", "re": "rectifying", "me": "mediating", "co": "in_court", "sp": "suspended",
    "ve": "verifying", "fe": "feedback", "cl": "closed", "wi": "withdrawn", "ar": "archived", "--": "",
}  # fmt: skip
ROLES = {
    "rep": "reporter", "int": "intake", "dis": "dispatcher", "han": "handler", "lea": "unit_lead", "com": "company",
    "own": "owners_org", "cmm": "community", "tow": "town", "sta": "station", "med": "mediator", "cou": "court",
    "sup": "supervisor", "rev": "reviewer", "sys": "system",
}  # fmt: skip
TABLE = """
submit           --                            su  rep com own cmm tow int han sup sys  CSLHD
accept           su                            ac  int dis                              CSLHD
ask_info         su                            in  int                                  CLD
provide_info     in                            su  rep com own                          CLD
lapse            in                            rj  sys                                  CLD
reject           su                            rj  int                                  CSLD
object_reject    rj                            su  sup                                  CSLD
merge            su ac dp ha                   mg  int dis                              CSLHD
absorb           su ac di dp ha re me co sp ve =   sys                                  CSLHD
unmerge          mg                            su  dis sup                              CSLHD
withdraw         su in ac dp ha me             wi  rep                                  CD
step_back        su ac di dp ha re me co sp ve =   rep                                  LH
order_dissuade   ac                            di  int dis                              LH
dissuade         di                            =   com own                              LH
dissuade_ok      di                            ve  com own                              LH
transfer         di ve                         dp  com own cmm tow dis sys              LH
dispatch         ac                            dp  dis sys                              CSLHD
sign             dp                            ha  han lea sys                          CSLHD
return_task      dp ha                         ac  lea                                  CSLHD
adjudicate       ac                            dp  sup                                  CSLHD
reassign         ha                            dp  dis sup                              CSLHD
convene_joint    ha                            =   sta dis                              CSLH
joint_held       ha                            =   sta dis                              CSLH
task_done        ha                            =   han lea                              CSLHD
excuse_helper    ha                            =   sta dis sup                          CSLHD
milestone        ha re me co                   =   han lea med cou rev                  CSLHD
derive           ac ha                         =   int dis han lea                      CSLHD
reclassify       ac dp ha                      =   dis sup                              CSLHD
order_rectify    ha                            re  han                                  CSLH
item_done        re ve                         =   com own han                          CSLH
item_pass        re ve                         =   cmm tow dis sup                      CSLH
item_fail        re ve                         =   cmm tow dis sup                      CSLH
rectify_done     re                            ve  com own han                          CSLH
rectify_fail     re                            ha  sys han                              CSLH
start_mediation  ha                            me  med han                              CD
mediation_ok     me                            ve  med                                  CD
mediation_fail   me                            ha  med                                  CD
prolong_mediation me                           =   med                                  CD
to_court         ha me                         co  med cou                              CD
court_result     co                            ve  cou med                              CD
ask_extension    ha                            =   han lea                              CSLHD
extend           ha                            =   dis sup                              CSLHD
ask_suspension   ha                            =   han lea                              CSLHD
suspend          ha                            sp  dis sup                              CSLHD
refuse_request   ha                            =   dis sup                              CSLHD
resume           sp                            ha  han dis sys                          CSLHD
report_result    ha                            ve  lea                                  CSLHD
verify_pass      ve                            fe  cmm tow dis sup                      CLHD
verify_close     ve                            cl  cmm tow dis sup                      CSLHD
verify_fail      ve                            ha  cmm tow dis sup                      CSLHD
rate_ok          fe                            cl  rep                                  CLHD
rate_timeout     fe                            cl  sys                                  CLHD
rate_bad         fe                            ac  rep                                  CLHD
rate_unsettled   fe                            =   rep                                  CLHD
order_redo       fe                            ac  sup                                  CLHD
uphold           fe                            cl  sup                                  CLHD
reopen           cl                            ac  rep sup                              CSLHD
nudge            su ac di dp ha re me co sp ve =   rep                                  CLHD
oversee          su ac di dp ha re me co sp ve fe = sup sys                             CSLHD
urge             su ac ve fe                   =   sys                                  CSLHD
answer_oversight dp ha re sp ve fe             =   lea                                  CSLHD
talk             dp ha re me co sp ve          =   sup                                  CSLHD
criticism        dp ha re me co sp ve          =   sup                                  CSLHD
recompute        su in ac di dp ha re me co sp ve fe = sys                              CSLHD
release          cl                            =   rev sup                              CSLH
unpublish        cl                            =   rev sup                              CSLH
ask_privacy      su in ac di dp ha re me co sp ve fe cl = rep                           CLH
drop_privacy     su in ac di dp ha re me co sp ve fe cl = rep                           CLH
archive          cl rj wi mg                   ar  sys                                  CSLHD
"""


@dataclass(frozen=True)
class Expected:
    code: str
    from_: frozenset[str]
    to: str
    roles: frozenset[str]
    types: frozenset[str]


def _row(line: str) -> Expected:
    code, *words = line.split()
    *middle, types = words
    at = next(place for place, word in enumerate(middle) if word in ROLES)
    return Expected(
        code,
        frozenset(STATES[word] for word in middle[: at - 1]),
        STATES.get(middle[at - 1], "="),
        frozenset(ROLES[word] for word in middle[at:]),
        frozenset(TYPES[letter] for letter in types),
    )


EXPECTED = {row.code: row for row in map(_row, TABLE.strip().splitlines())}
