"""What is not needed has no place to be kept: no column for it, whatever the table."""

import re

import pytest

from matcher import models
from matcher.database import Base

assert models
NOT_ASKED = re.compile(
    r"birth|born|\bage\b|gender|sex\b|civility|photo|picture|avatar|portrait|street|postal|postcode|zip|house_number"
    r"|nationality|religion|union|health|disab|ip_address|remote_addr|document|passport"
)


def _unneeded(columns):
    return [column for column in columns if NOT_ASKED.search(column.replace("_", " ")) or NOT_ASKED.search(column)]


def test_no_column_is_for_birth_date_gender_photograph_or_full_address():
    columns = [column.name for table in Base.metadata.tables.values() for column in table.columns]
    assert len(columns) > 300
    assert _unneeded(columns) == []


@pytest.mark.parametrize("column", ["birth_date", "born_on", "age", "gender", "photo", "avatar_id", "street", "zip"])
def test_such_a_column_would_be_found(column):
    assert _unneeded(["name", column]) == [column]
