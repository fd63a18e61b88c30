"""The tables of a county's analysis store, as the rooms below read them.

What is about people, families and their records stands once for each way of linking (schemas ``strict``, ``standard``
and ``loose``); what is about the county and its extracts stands once. No name, birth date or agency's number of a
person is in any of them, nor the place of a row in its extract, which would tell whose it is.
"""

import hashlib

LINKAGES = ("standard", "strict", "loose")

COUNTY_DDL = """
CREATE TABLE county (name VARCHAR, stamp VARCHAR, layout VARCHAR, sources VARCHAR, synthetic BOOLEAN, start_date DATE,
    end_date DATE);
CREATE TABLE agreement (reference VARCHAR, agency VARCHAR, gateway VARCHAR, purposes VARCHAR, signed DATE,
    expires DATE, delete_by DATE);
CREATE TABLE term (term_no INTEGER, academic_year VARCHAR, term INTEGER, start_date DATE, end_date DATE);
CREATE TABLE coverage (agency VARCHAR, table_name VARCHAR, kind VARCHAR, start_date DATE, end_date DATE);
CREATE TABLE source (entry INTEGER, agency VARCHAR, file VARCHAR, part VARCHAR, table_name VARCHAR,
    rows_in BIGINT, rows_used BIGINT, rows_quarantined BIGINT, rows_left_out BIGINT, sha256 VARCHAR);
CREATE TABLE finding (agency VARCHAR, file VARCHAR, table_name VARCHAR, column_name VARCHAR, rule VARCHAR,
    severity VARCHAR, shape VARCHAR, place VARCHAR, advice VARCHAR, rows BIGINT);
CREATE TABLE pattern_power (agency VARCHAR, table_name VARCHAR, kind VARCHAR, district VARCHAR, usual_rows BIGINT,
    gap_periods INTEGER, fall DOUBLE, rise DOUBLE);
CREATE TABLE linkage (linkage VARCHAR, same_people_as VARCHAR);
CREATE TABLE linkage_rate (linkage VARCHAR, agency VARCHAR, characteristic VARCHAR, category VARCHAR,
    records BIGINT, linked BIGINT);
CREATE TABLE family_change (linkage VARCHAR, change VARCHAR, families BIGINT);
"""

# Ages are completed months on the first day of a month: of the one in which the county's covered time starts (person,
# negative for those born later), of the event, of the spell's start.
FAMILY_DDL = """
CREATE TABLE person (person_id BIGINT, age_months INTEGER);
CREATE TABLE family (family_id BIGINT);
CREATE TABLE family_member (family_id BIGINT, person_id BIGINT, start_date DATE, end_date DATE);
CREATE TABLE family_home (family_id BIGINT, district VARCHAR, deprivation_decile INTEGER, start_date DATE,
    end_date DATE);
CREATE TABLE event (event_id BIGINT, agency VARCHAR, person_id BIGINT, family_id BIGINT, kind VARCHAR, date DATE,
    recorded_on DATE, value DOUBLE, age_months INTEGER);
CREATE TABLE spell (spell_id BIGINT, agency VARCHAR, person_id BIGINT, family_id BIGINT, kind VARCHAR,
    start_date DATE, end_date DATE, recorded_on DATE, detail VARCHAR, age_months INTEGER);
CREATE TABLE attendance (attendance_id BIGINT, agency VARCHAR, person_id BIGINT, family_id BIGINT,
    academic_year VARCHAR, term INTEGER, term_no INTEGER, possible INTEGER, authorised INTEGER, unauthorised INTEGER,
    recorded_on DATE);
CREATE TABLE support (support_id BIGINT, agency VARCHAR, family_id BIGINT, intervention VARCHAR, provider VARCHAR,
    worker BIGINT, district VARCHAR, offered DATE, started DATE, ended DATE, consent BOOLEAN);
"""
DDL = COUNTY_DDL + FAMILY_DDL
LAYOUT = hashlib.sha256(DDL.encode()).hexdigest()
