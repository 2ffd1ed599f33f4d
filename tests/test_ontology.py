"""The ontology's files among themselves: terms, code lists, the table contract and the rules agree."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from chaingraph.resources import ontology_file, rule_files

ONTOLOGY = URIRef("https://w3id.org/chaingraph/ontology")
TERMS = f"{ONTOLOGY}#"
CODES = "https://w3id.org/chaingraph/code#"
TYPE = str(RDF.type)
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
TABLES: list[dict[str, Any]] = json.loads(ontology_file("tables.json").read_text(encoding="utf-8"))["tables"]
DEFINED_CLASSES = {"LeadingEnterprise", "UpstreamSubject", "MidstreamSubject", "DownstreamSubject"}


@cache
def ontology() -> Graph:
    return Graph().parse(ontology_file("chaingraph.ttl"))


@cache
def code_lists() -> Graph:
    return Graph().parse(ontology_file("codes.ttl"))


def terms() -> set[URIRef]:
    return {term for term in ontology().subjects(RDF.type) if isinstance(term, URIRef) and term.startswith(TERMS)}


def name_of(table: dict[str, Any]) -> str:
    return str(table["url"]).removesuffix(".csv")


def columns(table: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table["tableSchema"]["columns"]
    return found


def emitted_classes(table: dict[str, Any]) -> dict[URIRef, list[set[tuple[str, str]]]]:
    """Map each class that a table emits for its own rows to the conditions under which it does."""
    found: dict[URIRef, list[set[tuple[str, str]]]] = {}
    for column in columns(table):
        if column.get("propertyUrl") == TYPE and "aboutUrl" not in column:
            found.setdefault(URIRef(column["valueUrl"]), []).append(set(column.get(f"{TERMS}when", {}).items()))
    return found


def row_class(table_name: str) -> URIRef:
    """The class that every row of a table belongs to."""
    table = next(table for table in TABLES if name_of(table) == table_name)
    (always,) = [found for found, conditions in emitted_classes(table).items() if set() in conditions]
    return always


def uses() -> list[tuple[str, URIRef, dict[str, Any], str | None, str | None]]:
    """Each use of an own property: table, property, column, the tables of its subject and (if one) of its object."""
    found = []
    for table in TABLES:
        for column in columns(table):
            if not column.get("propertyUrl", "").startswith(TERMS):
                continue
            about = column.get("aboutUrl", table["tableSchema"]["aboutUrl"]).split("/")[0]
            value = column.get("valueUrl", "")
            target = value.split("/")[0] if re.fullmatch(r"[a-z_]+/\{\w+\}", value) else None
            found.append((name_of(table), URIRef(column["propertyUrl"]), column, about, target))
    return found


def named_classes(node: Node) -> set[Node]:
    """The classes that a domain or range admits: the one named, or those of a union."""
    union = ontology().value(node, OWL.unionOf)
    return {node} if union is None else set(Collection(ontology(), union))


def by_language(graph: Graph, subject: Node, predicate: URIRef) -> list[str]:
    return sorted(str(text.language) for text in graph.objects(subject, predicate) if isinstance(text, Literal))


def test_the_ontology_states_its_version_licence_and_titles() -> None:
    graph = ontology()
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [ONTOLOGY]
    version = str(graph.value(ONTOLOGY, OWL.versionInfo))
    assert version == "1.1.0"
    assert graph.value(ONTOLOGY, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version}")
    assert graph.value(ONTOLOGY, OWL.priorVersion) == URIRef(f"{ONTOLOGY}/1.0.0")
    assert graph.value(ONTOLOGY, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert by_language(graph, ONTOLOGY, DCTERMS.title) == ["en", "zh"]
    assert by_language(graph, ONTOLOGY, DCTERMS.description) == ["en", "zh"]


def test_every_term_of_the_table_contract_is_defined() -> None:
    text = ontology_file("tables.json").read_text(encoding="utf-8")
    used = {URIRef(iri) for iri in re.findall(rf"{re.escape(TERMS)}\w+", text)}
    assert used - terms() == set()


def test_every_term_is_of_one_kind_only() -> None:
    kinds = {term: set(ontology().objects(term, RDF.type)) for term in terms()}
    assert {term: kind for term, kind in kinds.items() if len(kind) != 1 or not kind <= KINDS} == {}


def test_every_term_has_one_label_and_one_definition_in_each_language() -> None:
    for predicate in (RDFS.label, SKOS.definition):
        odd = {term for term in terms() if by_language(ontology(), term, predicate) != ["en", "zh"]}
        assert odd == set()
    assert {term for term in terms() if ontology().value(term, RDFS.isDefinedBy) != ONTOLOGY} == set()


def test_no_definition_is_given_twice() -> None:
    definitions = [str(text) for term in terms() for text in ontology().objects(term, SKOS.definition)]
    assert sorted(text for text in set(definitions) if definitions.count(text) > 1) == []


def test_the_ontology_mentions_no_own_term_that_it_does_not_define() -> None:
    mentioned = {
        node for triple in ontology() for node in triple if isinstance(node, URIRef) and node.startswith(TERMS)
    }
    assert mentioned - terms() == set()


def test_every_code_that_an_axiom_mentions_exists() -> None:
    mentioned = {node for node in ontology().objects() if isinstance(node, URIRef) and node.startswith(CODES)}
    assert {code for code in mentioned if (code, RDF.type, None) not in code_lists()} == set()


def test_reasoners_are_spared_date_types_counts_and_properties_that_exclude_each_other() -> None:
    refused = {
        OWL.FunctionalProperty,
        OWL.InverseFunctionalProperty,
        OWL.AllDisjointProperties,
        OWL.propertyDisjointWith,
        OWL.minCardinality,
        OWL.maxCardinality,
        OWL.cardinality,
        OWL.minQualifiedCardinality,
        OWL.maxQualifiedCardinality,
        OWL.qualifiedCardinality,
        XSD.date,
        XSD.gYear,
        XSD.gYearMonth,
        XSD.dateTime,
    }
    assert refused & {node for triple in ontology() for node in triple} == set()


def test_columns_with_a_value_url_are_object_properties_and_the_others_are_not() -> None:
    wrong = {
        (table, column["name"])
        for table, term, column, _, _ in uses()
        if (term, RDF.type, OWL.ObjectProperty if "valueUrl" in column else OWL.DatatypeProperty) not in ontology()
    }
    assert wrong == set()


def test_each_date_has_its_earliest_and_latest_day_with_the_same_domain() -> None:
    dates = {term for _, term, column, _, _ in uses() if f"{TERMS}precision" in column}
    assert len(dates) == 11
    for date in dates:
        domain = {found for node in ontology().objects(date, RDFS.domain) for found in named_classes(node)}
        for day in (URIRef(f"{date}Earliest"), URIRef(f"{date}Latest")):
            assert (day, RDF.type, OWL.DatatypeProperty) in ontology()
            assert {found for node in ontology().objects(day, RDFS.domain) for found in named_classes(node)} == domain


def test_a_domain_admits_exactly_the_classes_whose_tables_use_the_property() -> None:
    subjects: dict[URIRef, set[Node]] = {}
    for _, term, _, about, _ in uses():
        subjects.setdefault(term, set()).add(row_class(str(about)))
    wrong = {
        term: found
        for term, found in subjects.items()
        for domain in ontology().objects(term, RDFS.domain)
        if named_classes(domain) != found
    }
    assert wrong == {}


def test_a_range_is_what_the_columns_of_the_property_hold() -> None:
    targets: dict[URIRef, set[Node]] = {}
    for _, term, column, _, target in uses():
        if target is not None:
            targets.setdefault(term, set()).add(row_class(target))
        elif "valueUrl" not in column and f"{TERMS}precision" not in column:
            datatype = column["datatype"]
            targets.setdefault(term, set()).add(XSD[datatype if isinstance(datatype, str) else datatype["base"]])
    ranges = {
        term: {found for node in ontology().objects(term, RDFS.range) for found in named_classes(node)}
        for term in targets
    }
    assert ranges == targets


def test_a_property_chain_concludes_only_what_the_tables_write_as_a_short_form() -> None:
    chains = 0
    for short, head in ontology().subject_objects(OWL.propertyChainAxiom):
        first, *marks, last = Collection(ontology(), head)
        start = ontology().value(first, OWL.inverseOf)
        guarded = {ontology().value(mark, RDFS.domain) for mark in marks}
        chains += 1
        for table in TABLES:
            own = {column.get("propertyUrl"): column for column in columns(table) if not column.get("virtual")}
            if str(start) not in own or str(last) not in own or guarded - {row_class(name_of(table)), None}:
                continue
            written = {
                (column.get("aboutUrl"), column["valueUrl"])
                for column in columns(table)
                if column.get("virtual") and column["propertyUrl"] == str(short)
            }
            assert (own[str(start)]["valueUrl"], own[str(last)]["valueUrl"]) in written, (short, name_of(table))
    assert chains == 14


def test_a_table_that_emits_a_class_emits_its_superclasses_too() -> None:
    for table in TABLES:
        emitted = emitted_classes(table)
        assert emitted, name_of(table)
        for found, conditions in emitted.items():
            above = {node for node in ontology().transitive_objects(found, RDFS.subClassOf) if isinstance(node, URIRef)}
            for superclass in above:
                weaker = emitted.get(superclass, [])
                assert all(any(weak <= strong for weak in weaker) for strong in conditions), (found, superclass)


def test_the_class_tree_is_that_of_the_design() -> None:
    tree = {
        (str(lower).removeprefix(TERMS), str(upper).removeprefix(TERMS))
        for lower, upper in ontology().subject_objects(RDFS.subClassOf)
        if isinstance(upper, URIRef)
    }
    assert tree == {
        ("Enterprise", "Organization"),
        ("University", "Organization"),
        ("ResearchInstitute", "Organization"),
        ("GovernmentBody", "Organization"),
        ("LeadingEnterprise", "Enterprise"),
        ("UpstreamSubject", "Organization"),
        ("MidstreamSubject", "Organization"),
        ("DownstreamSubject", "Organization"),
    }


def code_columns() -> dict[URIRef, set[URIRef]]:
    """Map each property whose columns hold codes to their lists."""
    found: dict[URIRef, set[URIRef]] = {}
    for _, term, column, _, _ in uses():
        if match := re.fullmatch(rf"({re.escape(CODES)}[a-z-]+)-\{{\w+\}}", column.get("valueUrl", "")):
            found.setdefault(term, set()).add(URIRef(match[1]))
    return found


def test_every_code_list_of_the_table_contract_exists_and_no_other() -> None:
    used = set().union(*code_columns().values())
    assert set(code_lists().subjects(RDF.type, SKOS.ConceptScheme)) == used
    assert len(used) == 21


def test_a_property_that_holds_codes_names_their_lists() -> None:
    assert {term: set(ontology().objects(term, RDFS.seeAlso)) for term in code_columns()} == code_columns()


def test_a_condition_in_the_table_contract_names_an_existing_code() -> None:
    lists = {
        (name_of(table), column["name"]): column.get("valueUrl", "") for table in TABLES for column in columns(table)
    }
    for table in TABLES:
        conditions = [column[f"{TERMS}when"] for column in columns(table) if f"{TERMS}when" in column]
        if f"{TERMS}merges" in table:
            conditions.append(table[f"{TERMS}merges"]["when"])
        for column_name, notation in (item for condition in conditions for item in condition.items()):
            code = URIRef(lists[name_of(table), column_name].replace(f"{{{column_name}}}", notation))
            assert (code, RDF.type, SKOS.Concept) in code_lists()


def test_every_code_list_has_unstated() -> None:
    for scheme in code_lists().subjects(RDF.type, SKOS.ConceptScheme):
        assert (URIRef(f"{scheme}-unstated"), SKOS.inScheme, scheme) in code_lists()


def test_every_code_is_named_for_its_list_and_notation() -> None:
    concepts = set(code_lists().subjects(RDF.type, SKOS.Concept))
    assert concepts
    for concept in concepts:
        (scheme,) = code_lists().objects(concept, SKOS.inScheme)
        (notation,) = code_lists().objects(concept, SKOS.notation)
        assert str(concept) == f"{scheme}-{notation}"
        assert list(code_lists().objects(concept, SKOS.topConceptOf)) == [scheme]


def test_codes_and_lists_have_one_label_and_definition_in_each_language() -> None:
    named = {*code_lists().subjects(RDF.type, SKOS.Concept), *code_lists().subjects(RDF.type, SKOS.ConceptScheme)}
    for subject in named:
        for predicate in (RDFS.label, SKOS.prefLabel, SKOS.definition):
            assert by_language(code_lists(), subject, predicate) == ["en", "zh"], (subject, predicate)
        labels = set(code_lists().objects(subject, RDFS.label))
        assert labels == set(code_lists().objects(subject, SKOS.prefLabel))
        assert labels.isdisjoint(code_lists().objects(subject, SKOS.altLabel))


def test_no_spelling_stands_for_two_codes_of_one_list() -> None:
    owners: dict[tuple[Node, str], set[Node]] = {}
    for concept, scheme in code_lists().subject_objects(SKOS.inScheme):
        for predicate in (SKOS.notation, SKOS.prefLabel, SKOS.altLabel):
            for spelling in code_lists().objects(concept, predicate):
                owners.setdefault((scheme, str(spelling).strip().casefold()), set()).add(concept)
    assert {key: found for key, found in owners.items() if len(found) > 1} == {}


def test_no_spelling_would_be_cut_by_a_separator() -> None:
    spellings = [*code_lists().objects(None, SKOS.prefLabel), *code_lists().objects(None, SKOS.altLabel)]
    assert [spelling for spelling in spellings if re.search(r"[;；、\n]", str(spelling))] == []


def test_each_rule_derives_one_of_the_defined_classes_from_known_terms() -> None:
    derived = set()
    for path in rule_files():
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# ")
        body = re.sub(r"(?m)^(#|PREFIX).*$", "", text)
        assert {URIRef(f"{TERMS}{name}") for name in re.findall(r"\bcg:(\w+)", body)} - terms() == set()
        codes = {URIRef(f"{CODES}{name}") for name in re.findall(r"\bcode:([\w-]+)", body)}
        assert {code for code in codes if (code, RDF.type, SKOS.Concept) not in code_lists()} == set()
        derived |= set(re.findall(r"CONSTRUCT \{ \?\w+ a cg:(\w+) \}", body))
    assert derived == DEFINED_CLASSES
    assert len(rule_files()) == len(derived)
