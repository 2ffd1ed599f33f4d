"""A small made-up data set with something in every table, so that every option has something to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TABLES = {
    "sources": """\
id,title,text,published
s,公告,notice.txt,2022
""",
    "quotes": """\
id,source,exact
q,s,"甲公司牵头组建光伏联合体"
""",
    "regions": """\
id,name,name_en,within,latitude,longitude
j,江苏,Jiangsu,,,
z,浙江,Zhejiang,,,
r1,南京,Nanjing,j,32.06,118.79
r2,苏州,Suzhou,j,31.30,120.58
r3,无锡,Wuxi,j,31.49,120.31
r4,杭州,Hangzhou,z,30.27,120.15
r5,宁波,Ningbo,z,29.87,121.55
r6,绍兴,Shaoxing,z,30.03,120.58
""",
    "industries": """\
id,name,name_en,broader
e,能源,Energy,
s,光伏,Solar,e
b,电池,Batteries,e
m,材料,Materials,
g,玻璃,Glass,m
p,塑料,Plastics,m
""",
    "chains": """\
id,name
pv,光伏产业链
ba,电池产业链
""",
    "stages": """\
id,name,chain,segment,follows
st1,原料,pv,upstream,
st2,组件,pv,downstream,st1
st3,电芯,ba,midstream,
""",
    "products": """\
id,name,input_of,stage
sand,沙,glass,st1
glass,玻璃,panel,st1
film,膜,panel,st1
panel,面板,,st2
ring,环,loop,
loop,圈,ring,
""",
    "organizations": """\
id,name,name_en,kind,region,industry,quote
a,甲公司,A Ltd,enterprise,r1,s,q
b,乙公司,B Ltd,enterprise,r1,,
c,丙大学,C University,university,r2,s,
d,丁大学,D University,university,r3,g,
e,戊公司,E Ltd,enterprise,r4,p,
f,己公司,F Ltd,enterprise,r5,m,
g,庚公司,G Ltd,enterprise,r6,g,
h,辛研究院,H Institute,institute,r2,b,
i,壬公司,I Ltd,enterprise,r3,p,
k,癸公司,K Ltd,enterprise,,,
l,甲有限公司,,enterprise,r4,s,
n,子公司,N Ltd,enterprise,r5,p,
o,丑公司,O Ltd,enterprise,r3,m,
""",
    "hierarchy": """\
organization,parent,kind
n,a,subsidiary
""",
    "programmes": """\
id,name
pr,试点
""",
    "consortia": """\
id,name,industry,programme,chain,region,founded
x,光伏联合体,s,pr,pv,r1,2020
y,电池联合体,b,pr,,r2,2021
w,玻璃联合体,g,,,,2022
""",
    "memberships": """\
organization,consortium,role,since,until
a,x,lead,2020,
b,x,member,2020,2021
c,x,member,,
d,x,member,2022,
a,y,member,2021,
b,y,member,2021,
h,y,lead,2021,
e,y,member,2021,2021
d,w,lead,2022,
i,w,member,2022,
f,w,member,2022,
""",
    "platforms": """\
id,name,level,host,consortium,since
pl,平台,provincial,c,x,2021
pm,中心,national,h,y,2019
""",
    "projects": """\
id,name,consortium,start,budget,currency,industry,region
p1,项目一,x,2021,100,CNY,s,r1
p2,项目二,y,2022,50,CNY,b,r2
""",
    "participations": """\
project,organization,role,contribution,currency
p1,a,coordinator,60,CNY
p1,c,participant,40,CNY
p2,h,coordinator,30,CNY
p2,e,participant,,
""",
    "supplies": """\
id,supplier,product,customer,share,since
s1,a,sand,b,0.6,2020
s2,b,sand,,0.4,2021
s3,c,glass,e,,2021
s4,e,panel,f,0.5,2022
s5,g,film,e,1.0,
""",
    "stage_roles": """\
stage,organization,consortium
st1,a,x
st2,e,
""",
    "reported": """\
id,name,counts,value,consortium,programme,as_of
n1,成员数,organizations,6,x,,2020
n2,平台数,platforms,9,,pr,2022
n3,成员数,organizations,3,,pr,2022
""",
}
UNLISTED = {
    "consortia": """\
id,name
u,未列联合体
""",
    "memberships": """\
organization,consortium,role
无名公司,u,member
""",
}
"""Tables that name an organization that has no row."""


def write_data_set(folder: Path, tables: dict[str, str], name: str) -> Path:
    """Write tables as a data set folder, and return it."""
    folder.mkdir()
    (folder / "dataset.json").write_text(f'{{"name": "{name}"}}', encoding="utf-8")
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder
