"""What the registry brings to an organisation's page: the compounds a company serves and served, the names lists give it."""

from collections.abc import Iterator

from anju.places.models import Organisation
from anju.registry.queries.companies import names_of_company, terms_of_company
from anju.rules.masking import mask_name
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest
from anju.web.places.sections import Section


def sections(request: ActorRequest, row: Organisation) -> Iterator[Section]:
    actor = request.actor
    if row.kind != Organisation.Kind.COMPANY or not actor.may(Permission.FACT_VIEW):
        return
    terms = [(term, mask_name(term.manager)) for term in terms_of_company(actor, row)]
    serving = sum(1 for term, _ in terms if term.ends_on is None)
    yield Section("served", "registry/terms_of_company.html", {"terms": terms, "serving": serving})
    if names := list(names_of_company(actor, row)):
        yield Section("listed", "registry/listed_names.html", {"names": names})
