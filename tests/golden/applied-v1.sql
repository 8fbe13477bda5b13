PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE limbeck_history (
    id TEXT NOT NULL,
    revises TEXT NOT NULL,
    message TEXT NOT NULL,
    hash TEXT NOT NULL,
    run TEXT NOT NULL,
    position INTEGER NOT NULL,
    applied_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    duration_ms INTEGER NOT NULL,
    applied_by TEXT NOT NULL,
    down TEXT NOT NULL,
    PRIMARY KEY (id)
);
INSERT INTO limbeck_history VALUES('10000000','','begin','v1:4a0a6c82de62044f2f55295297b9747da63f24848514cc664dc2608462694499','7642d114',1,'2026-11-23 16:13:24',0,'',replace('-- limbeck: transaction: drop table `ledger`\nDROP TABLE ledger\n','\n',char(10)));
INSERT INTO limbeck_history VALUES('10000001','10000000','a table','v1:93cec591e10d1e518277b0ce538e48a9bc62300389671d59355c63403ddeb03e','7642d114',2,'2026-11-23 16:13:24',0,'',replace('-- limbeck: transaction: drop table `t0`\nDROP TABLE t0\n-- limbeck: transaction: run SQL of the migration''s own\nDELETE FROM ledger WHERE what = ''table 0''\n','\n',char(10)));
INSERT INTO limbeck_history VALUES('10000002','10000001','in parts','v1:f4964f135562179bf3fafe173803862fc9286724d3fc795535fae1016f30ff83','7642d114',3,'2026-11-23 16:13:24',12,'',replace('-- limbeck: transaction: run SQL of the migration''s own\nDELETE FROM ledger WHERE what = ''parts 0, first''\n-- limbeck: commit: what was done so far\n-- limbeck: transaction: drop table `p0`\nDROP TABLE p0\n-- limbeck: commit: what was done so far\n-- limbeck: alone, repeatable: run SQL of the migration''s own\nVACUUM\n-- limbeck: commit: what was done so far\n-- limbeck: transaction: run SQL of the migration''s own\nDELETE FROM ledger WHERE what = ''parts 0, last''\n-- limbeck: commit: what was done so far\n','\n',char(10)));
INSERT INTO limbeck_history VALUES('10000003','10000002','code','v1:c15dc14733df72baeb6594c3485e832e98210776aebdb8ee481a101fddcafff3','7642d114',4,'2026-11-23 16:13:24',0,'',replace('-- limbeck: transaction: run SQL of the migration''s own\nDELETE FROM ledger WHERE what = ''code 0''\n','\n',char(10)));
INSERT INTO limbeck_history VALUES('10000004','10000003','alter','v1:290f0922dcdb1e0f104d9f9176c1eea11c1686e7e49b0eaac869116fc3c84787','7642d114',5,'2026-11-23 16:13:24',6,'',replace('-- limbeck: transaction: run SQL of the migration''s own\nDELETE FROM ledger WHERE what = ''alter 0''\n-- limbeck: setup: turn foreign keys off\nPRAGMA foreign_keys = OFF\n-- limbeck: transaction: check that foreign keys are off\nCREATE TEMP TABLE limbeck_guard (\n    foreign_keys INTEGER CONSTRAINT foreign_keys_must_be_off CHECK (foreign_keys = 0),\n    child TEXT,\n    parent TEXT\n)\n-- limbeck: transaction: check that foreign keys are off\nINSERT INTO temp.limbeck_guard (foreign_keys) SELECT foreign_keys FROM pragma_foreign_keys\n-- limbeck: transaction: let what mentions the table keep its words\nPRAGMA legacy_alter_table = ON\n-- limbeck: transaction: rebuild table `ledger`: set the old one aside\nALTER TABLE ledger RENAME TO limbeck_old_ledger\n-- limbeck: transaction: let renames take along what mentions a table\nPRAGMA legacy_alter_table = OFF\n-- limbeck: transaction: rebuild table `ledger`: make the new one\nCREATE TABLE ledger (\n    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    what TEXT NOT NULL\n)\n-- limbeck: transaction: rebuild table `ledger`: copy the rows\nINSERT OR ABORT INTO ledger (id, what) SELECT id, what FROM limbeck_old_ledger\n-- limbeck: transaction: rebuild table `ledger`: forget the new counter\nDELETE FROM sqlite_sequence WHERE name = ''ledger''\n-- limbeck: transaction: rebuild table `ledger`: keep the old counter\nUPDATE sqlite_sequence SET name = ''ledger'' WHERE name = ''limbeck_old_ledger''\n-- limbeck: transaction: rebuild table `ledger`: drop the old one\nDROP TABLE limbeck_old_ledger\n-- limbeck: transaction: check that no row is without its parent\nDROP TABLE temp.limbeck_guard\n-- limbeck: cleanup: let renames take along what mentions a table\nPRAGMA legacy_alter_table = OFF\n-- limbeck: cleanup: turn foreign keys on\nPRAGMA foreign_keys = ON\n','\n',char(10)));
CREATE TABLE limbeck_log (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    logged_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    run TEXT NOT NULL,
    migration TEXT NOT NULL,
    event TEXT NOT NULL,
    done_by TEXT NOT NULL,
    detail TEXT NOT NULL
);
INSERT INTO limbeck_log VALUES(1,'2026-11-23 16:13:24','7642d114','10000000','upgrade','','begin');
INSERT INTO limbeck_log VALUES(2,'2026-11-23 16:13:24','7642d114','10000001','upgrade','','a table');
INSERT INTO limbeck_log VALUES(3,'2026-11-23 16:13:24','7642d114','10000002','begin up','','v1:f4964f135562179bf3fafe173803862fc9286724d3fc795535fae1016f30ff83');
INSERT INTO limbeck_log VALUES(4,'2026-11-23 16:13:24','7642d114','10000002','down','',replace('-- limbeck: transaction: run SQL of the migration''s own\nDELETE FROM ledger WHERE what = ''parts 0, first''\n-- limbeck: commit: what was done so far\n-- limbeck: transaction: drop table `p0`\nDROP TABLE p0\n-- limbeck: commit: what was done so far\n-- limbeck: alone, repeatable: run SQL of the migration''s own\nVACUUM\n-- limbeck: commit: what was done so far\n-- limbeck: transaction: run SQL of the migration''s own\nDELETE FROM ledger WHERE what = ''parts 0, last''\n-- limbeck: commit: what was done so far\n','\n',char(10)));
INSERT INTO limbeck_log VALUES(5,'2026-11-23 16:13:24','7642d114','10000002','plan','',replace('-- limbeck: transaction: create table `p0`\nCREATE TABLE p0 (\n    id INTEGER NOT NULL,\n    note TEXT\n)\n-- limbeck: commit: what was done so far\n-- limbeck: transaction: run SQL of the migration''s own\nINSERT INTO ledger (what) VALUES (''parts 0, first'')\n-- limbeck: commit: what was done so far\n-- limbeck: transaction: create index `p0_note_idx` on `p0`\nCREATE INDEX p0_note_idx ON p0 (note)\n-- limbeck: commit: what was done so far\n-- limbeck: alone, repeatable: run SQL of the migration''s own\nVACUUM\n-- limbeck: commit: what was done so far\n-- limbeck: transaction: run SQL of the migration''s own\nINSERT INTO p0 (id, note) VALUES (1, ''a''), (2, ''b'')\n-- limbeck: commit: what was done so far\n-- limbeck: setup: turn foreign keys off\nPRAGMA foreign_keys = OFF\n-- limbeck: transaction: check that foreign keys are off\nCREATE TEMP TABLE limbeck_guard (\n    foreign_keys INTEGER CONSTRAINT foreign_keys_must_be_off CHECK (foreign_keys = 0),\n    child TEXT,\n    parent TEXT\n)\n-- limbeck: transaction: check that foreign keys are off\nINSERT INTO temp.limbeck_guard (foreign_keys) SELECT foreign_keys FROM pragma_foreign_keys\n-- limbeck: transaction: drop index `p0_note_idx` of `p0`\nDROP INDEX p0_note_idx\n-- limbeck: transaction: let what mentions the table keep its words\nPRAGMA legacy_alter_table = ON\n-- limbeck: transaction: rebuild table `p0`: set the old one aside\nALTER TABLE p0 RENAME TO limbeck_old_p0\n-- limbeck: transaction: let renames take along what mentions a table\nPRAGMA legacy_alter_table = OFF\n-- limbeck: transaction: rebuild table `p0`: make the new one\nCREATE TABLE p0 (\n    id INTEGER NOT NULL,\n    note VARCHAR(9) NOT NULL\n)\n-- limbeck: transaction: rebuild table `p0`: copy the rows\nINSERT OR ABORT INTO p0 (rowid, id, note) SELECT rowid, id, note FROM limbeck_old_p0\n-- limbeck: transaction: rebuild table `p0`: drop the old one\nDROP TABLE limbeck_old_p0\n-- limbeck: transaction: create index `p0_note_idx` on `p0`\nCREATE INDEX p0_note_idx ON p0 (note)\n-- limbeck: transaction: check that no row is without its parent\nDROP TABLE temp.limbeck_guard\n-- limbeck: cleanup: let renames take along what mentions a table\nPRAGMA legacy_alter_table = OFF\n-- limbeck: cleanup: turn foreign keys on\nPRAGMA foreign_keys = ON\n-- limbeck: commit: what was done so far\n-- limbeck: transaction: run SQL of the migration''s own\nINSERT INTO ledger (what) VALUES (''parts 0, last'')\n-- limbeck: commit: what was done so far\n','\n',char(10)));
INSERT INTO limbeck_log VALUES(6,'2026-11-23 16:13:24','7642d114','10000002','done','','1');
INSERT INTO limbeck_log VALUES(7,'2026-11-23 16:13:24','7642d114','10000002','done','','2');
INSERT INTO limbeck_log VALUES(8,'2026-11-23 16:13:24','7642d114','10000002','done','','3');
INSERT INTO limbeck_log VALUES(9,'2026-11-23 16:13:24','7642d114','10000002','alone','','3');
INSERT INTO limbeck_log VALUES(10,'2026-11-23 16:13:24','7642d114','10000002','done','','4');
INSERT INTO limbeck_log VALUES(11,'2026-11-23 16:13:24','7642d114','10000002','done','','5');
INSERT INTO limbeck_log VALUES(12,'2026-11-23 16:13:24','7642d114','10000002','done','','6');
INSERT INTO limbeck_log VALUES(13,'2026-11-23 16:13:24','7642d114','10000002','upgrade','','in parts');
INSERT INTO limbeck_log VALUES(14,'2026-11-23 16:13:24','7642d114','10000003','upgrade','','code');
INSERT INTO limbeck_log VALUES(15,'2026-11-23 16:13:24','7642d114','10000004','begin up','','v1:290f0922dcdb1e0f104d9f9176c1eea11c1686e7e49b0eaac869116fc3c84787');
INSERT INTO limbeck_log VALUES(16,'2026-11-23 16:13:24','7642d114','10000004','down','',replace('-- limbeck: transaction: run SQL of the migration''s own\nDELETE FROM ledger WHERE what = ''alter 0''\n-- limbeck: setup: turn foreign keys off\nPRAGMA foreign_keys = OFF\n-- limbeck: transaction: check that foreign keys are off\nCREATE TEMP TABLE limbeck_guard (\n    foreign_keys INTEGER CONSTRAINT foreign_keys_must_be_off CHECK (foreign_keys = 0),\n    child TEXT,\n    parent TEXT\n)\n-- limbeck: transaction: check that foreign keys are off\nINSERT INTO temp.limbeck_guard (foreign_keys) SELECT foreign_keys FROM pragma_foreign_keys\n-- limbeck: transaction: let what mentions the table keep its words\nPRAGMA legacy_alter_table = ON\n-- limbeck: transaction: rebuild table `ledger`: set the old one aside\nALTER TABLE ledger RENAME TO limbeck_old_ledger\n-- limbeck: transaction: let renames take along what mentions a table\nPRAGMA legacy_alter_table = OFF\n-- limbeck: transaction: rebuild table `ledger`: make the new one\nCREATE TABLE ledger (\n    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    what TEXT NOT NULL\n)\n-- limbeck: transaction: rebuild table `ledger`: copy the rows\nINSERT OR ABORT INTO ledger (id, what) SELECT id, what FROM limbeck_old_ledger\n-- limbeck: transaction: rebuild table `ledger`: forget the new counter\nDELETE FROM sqlite_sequence WHERE name = ''ledger''\n-- limbeck: transaction: rebuild table `ledger`: keep the old counter\nUPDATE sqlite_sequence SET name = ''ledger'' WHERE name = ''limbeck_old_ledger''\n-- limbeck: transaction: rebuild table `ledger`: drop the old one\nDROP TABLE limbeck_old_ledger\n-- limbeck: transaction: check that no row is without its parent\nDROP TABLE temp.limbeck_guard\n-- limbeck: cleanup: let renames take along what mentions a table\nPRAGMA legacy_alter_table = OFF\n-- limbeck: cleanup: turn foreign keys on\nPRAGMA foreign_keys = ON\n','\n',char(10)));
INSERT INTO limbeck_log VALUES(17,'2026-11-23 16:13:24','7642d114','10000004','plan','',replace('-- limbeck: transaction: add column `ledger.extra0`\nALTER TABLE ledger ADD COLUMN extra0 INTEGER\n-- limbeck: repeat: backfill table `ledger`\nUPDATE ledger SET extra0 = id WHERE id IN (SELECT id FROM ledger WHERE (extra0 IS NULL AND (id) IS NOT NULL) LIMIT 7)\n-- limbeck: rest: what is left\nSELECT CAST(count(*) AS text) FROM ledger WHERE (extra0 IS NULL AND (id) IS NOT NULL)\n-- limbeck: setup: turn foreign keys off\nPRAGMA foreign_keys = OFF\n-- limbeck: transaction: check that foreign keys are off\nCREATE TEMP TABLE limbeck_guard (\n    foreign_keys INTEGER CONSTRAINT foreign_keys_must_be_off CHECK (foreign_keys = 0),\n    child TEXT,\n    parent TEXT\n)\n-- limbeck: transaction: check that foreign keys are off\nINSERT INTO temp.limbeck_guard (foreign_keys) SELECT foreign_keys FROM pragma_foreign_keys\n-- limbeck: transaction: let what mentions the table keep its words\nPRAGMA legacy_alter_table = ON\n-- limbeck: transaction: rebuild table `ledger`: set the old one aside\nALTER TABLE ledger RENAME TO limbeck_old_ledger\n-- limbeck: transaction: let renames take along what mentions a table\nPRAGMA legacy_alter_table = OFF\n-- limbeck: transaction: rebuild table `ledger`: make the new one\nCREATE TABLE ledger (\n    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,\n    what TEXT NOT NULL,\n    extra0 INTEGER,\n    CHECK (extra0 > 0)\n)\n-- limbeck: transaction: rebuild table `ledger`: copy the rows\nINSERT OR ABORT INTO ledger (id, what, extra0) SELECT id, what, extra0 FROM limbeck_old_ledger\n-- limbeck: transaction: rebuild table `ledger`: forget the new counter\nDELETE FROM sqlite_sequence WHERE name = ''ledger''\n-- limbeck: transaction: rebuild table `ledger`: keep the old counter\nUPDATE sqlite_sequence SET name = ''ledger'' WHERE name = ''limbeck_old_ledger''\n-- limbeck: transaction: rebuild table `ledger`: drop the old one\nDROP TABLE limbeck_old_ledger\n-- limbeck: transaction: check that no row is without its parent\nDROP TABLE temp.limbeck_guard\n-- limbeck: cleanup: let renames take along what mentions a table\nPRAGMA legacy_alter_table = OFF\n-- limbeck: cleanup: turn foreign keys on\nPRAGMA foreign_keys = ON\n-- limbeck: transaction: run SQL of the migration''s own\nINSERT INTO ledger (what) VALUES (''alter 0'')\n','\n',char(10)));
INSERT INTO limbeck_log VALUES(18,'2026-11-23 16:13:24','7642d114','10000004','done','','1');
INSERT INTO limbeck_log VALUES(19,'2026-11-23 16:13:24','7642d114','10000004','done','','2');
INSERT INTO limbeck_log VALUES(20,'2026-11-23 16:13:24','7642d114','10000004','upgrade','','alter');
CREATE TABLE limbeck_meta (
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY ("key")
);
INSERT INTO limbeck_meta VALUES('format','1');
CREATE TABLE t0 (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    title VARCHAR(40) NOT NULL,
    mood TEXT NOT NULL DEFAULT 'glad',
    CHECK ("mood" IN ('glad', 'sad'))
);
INSERT INTO t0 VALUES(1,'row 0','glad');
INSERT INTO t0 VALUES(2,'row 1','glad');
INSERT INTO t0 VALUES(3,'row 2','glad');
INSERT INTO t0 VALUES(4,'row 3','glad');
INSERT INTO t0 VALUES(5,'row 4','glad');
INSERT INTO t0 VALUES(6,'row 5','glad');
INSERT INTO t0 VALUES(7,'row 6','glad');
INSERT INTO t0 VALUES(8,'row 7','glad');
INSERT INTO t0 VALUES(9,'row 8','glad');
INSERT INTO t0 VALUES(10,'row 9','glad');
INSERT INTO t0 VALUES(11,'row 10','glad');
INSERT INTO t0 VALUES(12,'row 11','glad');
INSERT INTO t0 VALUES(13,'row 12','glad');
INSERT INTO t0 VALUES(14,'row 13','glad');
INSERT INTO t0 VALUES(15,'row 14','glad');
INSERT INTO t0 VALUES(16,'row 15','glad');
INSERT INTO t0 VALUES(17,'row 16','glad');
INSERT INTO t0 VALUES(18,'row 17','glad');
INSERT INTO t0 VALUES(19,'row 18','glad');
INSERT INTO t0 VALUES(20,'row 19','glad');
CREATE TABLE p0 (
    id INTEGER NOT NULL,
    note VARCHAR(9) NOT NULL
);
INSERT INTO p0 VALUES(1,'a');
INSERT INTO p0 VALUES(2,'b');
CREATE TABLE ledger (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    what TEXT NOT NULL,
    extra0 INTEGER,
    CHECK (extra0 > 0)
);
INSERT INTO ledger VALUES(1,'table 0',1);
INSERT INTO ledger VALUES(2,'parts 0, first',2);
INSERT INTO ledger VALUES(3,'parts 0, last',3);
INSERT INTO ledger VALUES(4,'code 0',4);
INSERT INTO ledger VALUES(5,'alter 0',NULL);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('limbeck_log',20);
INSERT INTO sqlite_sequence VALUES('t0',20);
INSERT INTO sqlite_sequence VALUES('ledger',5);
CREATE INDEX t0_title_idx ON t0 (title DESC);
CREATE INDEX p0_note_idx ON p0 (note);
COMMIT;
