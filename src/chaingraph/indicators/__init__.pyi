from .completeness import completeness as completeness
from .consortia import consortium_agglomeration as consortium_agglomeration
from .consortia import reported_ratios as reported_ratios
from .coverage import coverage as coverage
from .crosstab import crosstab as crosstab
from .scorecard import scorecard as scorecard
