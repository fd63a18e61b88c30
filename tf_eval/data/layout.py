"""The tables of a county's database, as the rooms below read them."""

import hashlib

DDL = """
CREATE TABLE county (name VARCHAR, stamp VARCHAR, layout VARCHAR, start_date DATE, end_date DATE);
CREATE TABLE person (person_id BIGINT, birth_date DATE, sex VARCHAR);
CREATE TABLE person_link (agency VARCHAR, local_id VARCHAR, person_id BIGINT);
CREATE TABLE family (family_id BIGINT);
CREATE TABLE family_member (family_id BIGINT, person_id BIGINT, start_date DATE, end_date DATE);
CREATE TABLE family_home (family_id BIGINT, district VARCHAR, start_date DATE, end_date DATE);
CREATE TABLE event (event_id BIGINT, agency VARCHAR, person_id BIGINT, family_id BIGINT, kind VARCHAR, date DATE,
    recorded_on DATE, value DOUBLE);
CREATE TABLE spell (spell_id BIGINT, agency VARCHAR, person_id BIGINT, family_id BIGINT, kind VARCHAR,
    start_date DATE, end_date DATE, recorded_on DATE, detail VARCHAR);
CREATE TABLE attendance (attendance_id BIGINT, agency VARCHAR, person_id BIGINT, family_id BIGINT,
    academic_year VARCHAR, term INTEGER, term_no INTEGER, possible INTEGER, authorised INTEGER, unauthorised INTEGER,
    recorded_on DATE);
CREATE TABLE support (support_id BIGINT, agency VARCHAR, family_id BIGINT, intervention VARCHAR, provider VARCHAR,
    worker VARCHAR, district VARCHAR, offered DATE, started DATE, ended DATE, consent BOOLEAN);
CREATE TABLE term (term_no INTEGER, academic_year VARCHAR, term INTEGER, start_date DATE, end_date DATE);
CREATE TABLE coverage (agency VARCHAR, table_name VARCHAR, kind VARCHAR, start_date DATE, end_date DATE);
CREATE TABLE source (agency VARCHAR, file VARCHAR, table_name VARCHAR, rows_in BIGINT, rows_used BIGINT,
    rows_quarantined BIGINT, sha256 VARCHAR);
CREATE TABLE problem (agency VARCHAR, file VARCHAR, table_name VARCHAR, row_number BIGINT, column_name VARCHAR,
    rule VARCHAR, advice VARCHAR);
"""
LAYOUT = hashlib.sha256(DDL.encode()).hexdigest()
