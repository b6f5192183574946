"""The tables of an index of names."""

from __future__ import annotations

from typing import Final

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS thing (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, types TEXT, size INTEGER, digest BLOB);
CREATE TABLE IF NOT EXISTS name (thing INTEGER, place INTEGER, text TEXT, language TEXT, words TEXT, key TEXT);
CREATE INDEX IF NOT EXISTS name_thing ON name (thing);
CREATE INDEX IF NOT EXISTS name_key ON name (key);
CREATE INDEX IF NOT EXISTS name_words ON name (words);
CREATE TABLE IF NOT EXISTS word (word TEXT PRIMARY KEY, things INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS posting (word TEXT, thing INTEGER, PRIMARY KEY (word, thing)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS identifier (bare TEXT, register TEXT, shown TEXT, thing INTEGER);
CREATE INDEX IF NOT EXISTS identifier_bare ON identifier (bare);
CREATE INDEX IF NOT EXISTS identifier_thing ON identifier (thing);
"""
