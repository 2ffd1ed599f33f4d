"""A chain in which everything occurs that a chain map shows; made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import chaingraph as cg

if TYPE_CHECKING:
    from chaingraph.store import KnowledgeGraph
    from tests.conftest import DataSetFolder

TABLES = {
    "sources": "id,title,url,published\ns,公告,https://example.org/notice,2022-07-18\n",
    "quotes": (
        "id,source,exact,prefix\nq1,s,玻璃由甲公司生产,据悉，\nq2,s,设备环节缺失,\nq3,s,成员单位20多家,\nq4,s,面板在玻璃之后,\n"
    ),
    "regions": "id,name,name_en\nr,苏州,Suzhou\nt,无锡,Wuxi\n",
    "chains": "id,name,name_en\npv,光伏产业链,Solar chain\nba,电池产业链,Battery chain\n",
    "stages": (
        "id,name,name_en,chain,segment,follows,quote\nsand,沙,Sand,pv,upstream,,\nglass,玻璃,Glass,pv,midstream,sand,\n"
        "panel,面板,Panels,pv,downstream,glass,q4\ntools,设备,Tools,pv,,,\ncell,电芯,Cells,ba,midstream,,\n"
    ),
    "products": "id,name,stage,input_of\nfilm,膜,tools,module\nmodule,组件,panel,\n",
    "organizations": (
        "id,name,name_en,kind,region\na,甲公司,A Ltd,enterprise,r\nb,乙大学,B University,university,t\nc,丙公司,,,\n"
    ),
    "consortia": "id,name,name_en,chain,region\nx,光伏创新联合体,Solar consortium,pv,r\n",
    "memberships": "organization,consortium,role\na,x,lead\nb,x,member\n",
    "reported": "id,name,counts,value,qualifier,consortium,quote\nn,成员单位,organizations,20,more-than,x,q3\n",
    "supplies": "supplier,product\nc,module\n",
    "stage_roles": (
        "stage,organization,consortium,region,quote\nglass,a,,,q1\nglass,b,,,\nglass,,x,,\nsand,,,t,\ncell,a,,,\n"
    ),
    "claims": "table,subject,property,value,status,quote\nchains,pv,stage,tools,denied,q2\n",
}


def solar(data_set: DataSetFolder, **changes: str) -> KnowledgeGraph:
    """Return the graph of the tables, some of them changed."""
    return cg.open(data_set(**(TABLES | changes)))
