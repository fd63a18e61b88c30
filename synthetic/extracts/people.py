"""The person records of an agency's extract, whatever columns its layout has."""

from synthetic.layout import Layout
from synthetic.listing import Listing, listing
from synthetic.records import AgencyRecords


def person_records(records: AgencyRecords, layout: Layout) -> Listing:
    """Return the agency's list of people, in the order of the numbers it gave them, at the homes they had last."""
    register, identities, population = records.registers[layout.agency], records.identities, records.county.population
    people = register.people
    homes = records.households.homes
    columns = {
        "person": people,
        "local_id": register.local_ids,
        "forename": identities.forename[people],
        "surname": identities.surname[people],
        "birth_date": population.birth[people],
        "sex": population.sex[people],
        "ethnicity": population.ethnicity[population.family[people]],
        "postcode": homes.postcode[records.last_home[people]],
        "upn": identities.upn[people],
        "nino": identities.nino[people],
        "nhs_number": identities.nhs_number[people],
    }
    kept = {"person", *layout.headings}
    return listing(layout, {name: values for name, values in columns.items() if name in kept})
