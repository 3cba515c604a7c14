-- A phone's database as schema 1 left it: enrolled, two cases, a shift, one finished visit that is not
-- confirmed, one visit under way. Made with Python's sqlite3 (Connection.iterdump) from a database that the first
-- version wrote; never made anew, since its worth is that today's code did not write it.
PRAGMA application_id = 1414680143;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE battery_tail (
  row       INTEGER PRIMARY KEY,
  sealed    INTEGER NOT NULL DEFAULT 0,
  at_ms     INTEGER NOT NULL,
  percent   INTEGER NOT NULL,
  charging  INTEGER NOT NULL
) STRICT;
INSERT INTO "battery_tail" VALUES(1,0,1773331200000,77,0);
CREATE TABLE draft_answer (
  row       INTEGER PRIMARY KEY,
  visit_id  BLOB NOT NULL REFERENCES visit_draft (visit_id) ON DELETE CASCADE,
  path      TEXT NOT NULL,
  value     TEXT NOT NULL,
  UNIQUE (visit_id, path)
) STRICT;
INSERT INTO "draft_answer" VALUES(1,X'06000000000000000000000000000000','outcome','refuses');
INSERT INTO "draft_answer" VALUES(2,X'06000000000000000000000000000000','neighbours[1]','');
INSERT INTO "draft_answer" VALUES(3,X'06000000000000000000000000000000','neighbours[1]/name','Doña Ana');
CREATE TABLE draft_evidence (
  visit_id  BLOB NOT NULL REFERENCES visit_draft (visit_id) ON DELETE CASCADE,
  sha256    BLOB NOT NULL,
  PRIMARY KEY (visit_id, sha256)
) STRICT, WITHOUT ROWID;
CREATE TABLE evidence_file (
  row     INTEGER PRIMARY KEY,
  sha256  BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  bytes   BLOB NOT NULL
) STRICT;
INSERT INTO "evidence_file" VALUES(1,X'FB877668200DBF8C103CC9588AC8845E8CCAF22C6787457B498717544EE0B308',X'FFD8FF2070686F746F206F6620612066696E6973686564207669736974');
CREATE TABLE evidence_outbox (
  sha256          BLOB PRIMARY KEY CHECK (length(sha256) = 32),
  visit_id        BLOB NOT NULL,
  kind            INTEGER NOT NULL,
  question_path   TEXT NOT NULL,
  media_type      TEXT NOT NULL,
  size            INTEGER NOT NULL,
  captured_at_ms  INTEGER NOT NULL,
  -- 0 waits, 1 is with the server, 2 set aside because the server will never take it.
  state           INTEGER NOT NULL,
  sent_bytes      INTEGER NOT NULL DEFAULT 0,
  upload_url      TEXT NOT NULL DEFAULT '',
  refused_code    INTEGER
) STRICT;
INSERT INTO "evidence_outbox" VALUES(X'FB877668200DBF8C103CC9588AC8845E8CCAF22C6787457B498717544EE0B308',X'05000000000000000000000000000000',0,'photo','image/jpeg',29,1773331200000,0,0,'',NULL);
CREATE TABLE field_case (
  row      INTEGER PRIMARY KEY,
  id       BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  key      TEXT NOT NULL,
  state    INTEGER NOT NULL,
  due_ms   INTEGER,
  lat      REAL NOT NULL,
  lon      REAL NOT NULL,
  folded   TEXT NOT NULL,
  bytes    BLOB NOT NULL
) STRICT;
INSERT INTO "field_case" VALUES(1,X'01000000000000000000000000000001','C-1001',0,1773313600000,19.41,-99.15,'c 1001 persona 1 calle 1 colonia centro',X'0100000000000000000000000000000106432D31303031000009506572736F6E6120310A35353530303030303030001743616C6C6520312C20436F6C6F6E69612043656E74726F0D706F7274C3B36E207665726465C0EC8DB901BFDBC8B107904E00067669736974610180A8D19B9C6700010762616C616E63650431353030');
INSERT INTO "field_case" VALUES(2,X'01000000000000000000000000000002','C-1002',2,1773227200000,1.94199999999999981525e+01,-99.15,'c 1002 persona 2 calle 2 colonia centro',X'0100000000000000000000000000000206432D31303032000209506572736F6E6120320A35353530303030303030001743616C6C6520322C20436F6C6F6E69612043656E74726F0D706F7274C3B36E20766572646580879AB901BFDBC8B107904E00067669736974610180B89EC99B6700010762616C616E63650431353030');
CREATE TABLE finished_visit (
  visit_id        BLOB PRIMARY KEY CHECK (length(visit_id) = 16),
  case_id         BLOB NOT NULL,
  finished_at_ms  INTEGER NOT NULL,
  outcome_code    TEXT NOT NULL,
  becomes         INTEGER NOT NULL,
  epoch           INTEGER NOT NULL,
  seq             INTEGER NOT NULL
) STRICT;
INSERT INTO "finished_visit" VALUES(X'05000000000000000000000000000000',X'01000000000000000000000000000002',1773331200000,'promise',2,1,2);
CREATE TABLE fix_tail (
  row             INTEGER PRIMARY KEY,
  sealed          INTEGER NOT NULL DEFAULT 0,
  boot_id         INTEGER NOT NULL,
  captured_at_ms  INTEGER NOT NULL,
  mono_ms         INTEGER NOT NULL,
  lat             REAL NOT NULL,
  lon             REAL NOT NULL,
  accuracy_m      REAL NOT NULL,
  speed_mps       REAL,
  bearing_deg     REAL,
  altitude_m      REAL,
  mock            INTEGER NOT NULL
) STRICT;
INSERT INTO "fix_tail" VALUES(1,0,1,1773331200000,3600000,19.41,-99.15,8.0,1.2,NULL,NULL,0);
CREATE TABLE form (
  form_id    TEXT NOT NULL,
  version    TEXT NOT NULL,
  title      TEXT NOT NULL,
  xform_xml  TEXT NOT NULL,
  -- 1 for the version that new visits use.
  newest     INTEGER NOT NULL CHECK (newest IN (0, 1)),
  PRIMARY KEY (form_id, version)
) STRICT;
INSERT INTO "form" VALUES('visita','1','Visita de cobranza','<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Visita de cobranza</h:title><model>
<instance><data id="visita" version="1"><outcome/><promise><amount/><date/><means/></promise><payment><method/><amount/><receipt/></payment><photo/><neighbours jr:template=""><name/><picture/></neighbours><debt/></data></instance>
<instance id="case" src="jr://instance/case"/>
<bind nodeset="/data/outcome" type="string" required="true()"/>
<bind nodeset="/data/promise" relevant="/data/outcome = ''promise''"/>
<bind nodeset="/data/promise/amount" type="decimal" required="true()" constraint=". &gt; 0" jr:constraintMsg="El monto debe ser mayor que cero"/>
<bind nodeset="/data/promise/date" type="date" required="true()"/>
<bind nodeset="/data/promise/means" type="string"/>
<bind nodeset="/data/payment" relevant="/data/outcome = ''paid_part''"/>
<bind nodeset="/data/payment/method" type="string"/>
<bind nodeset="/data/payment/amount" type="decimal"/>
<bind nodeset="/data/payment/receipt" type="string"/>
<bind nodeset="/data/photo" type="binary"/>
<bind nodeset="/data/neighbours/name" type="string"/>
<bind nodeset="/data/neighbours/picture" type="binary"/>
<bind nodeset="/data/debt" type="string" calculate="instance(''case'')/root/balance"/>
</model></h:head>
<h:body>
<input ref="/data/outcome"><label>Resultado</label></input>
<group ref="/data/promise"><label>Promesa</label><input ref="/data/promise/amount"><label>Monto</label></input><input ref="/data/promise/date"><label>Fecha</label></input><input ref="/data/promise/means"><label>Medio</label></input></group>
<group ref="/data/payment"><label>Pago</label><input ref="/data/payment/method"><label>Medio</label></input><input ref="/data/payment/amount"><label>Monto</label></input><input ref="/data/payment/receipt"><label>Recibo</label></input></group>
<upload ref="/data/photo" mediatype="image/*"><label>Fachada</label></upload>
<group ref="/data/neighbours"><label>Vecinos</label><repeat nodeset="/data/neighbours"><input ref="/data/neighbours/name"><label>Nombre</label></input><upload ref="/data/neighbours/picture" mediatype="image/*"><label>Foto</label></upload></repeat></group>
</h:body></h:html>
',1);
CREATE TABLE identity (
  one           INTEGER PRIMARY KEY CHECK (one = 1),
  public_key    BLOB NOT NULL CHECK (length(public_key) = 32),
  secret_key    BLOB NOT NULL CHECK (length(secret_key) = 64),
  -- NULL while the enrolment is under way.
  device_id     BLOB CHECK (length(device_id) = 16),
  token         TEXT,
  server_key    BLOB CHECK (length(server_key) = 32),
  gestor_id     BLOB CHECK (length(gestor_id) = 16),
  gestor_name   TEXT
) STRICT;
INSERT INTO "identity" VALUES(1,X'DF3DA065DF6336C1DE48384164A817FC81626295678F482E39AAC34AEB6ED909',X'0A206A94C62CE0A28343741A76C6E526BD9ED8073508DDE1256135920774DA54DF3DA065DF6336C1DE48384164A817FC81626295678F482E39AAC34AEB6ED909',X'07000000000000000000000000000000','token',X'7812C29F74D60BE8B3C1A341F22AF7EE2632F49D84BC62BAE03DDD8BD09BF8AD',X'08000000000000000000000000000000','Lucía Gestora');
CREATE TABLE journal (
  epoch    INTEGER NOT NULL,
  seq      INTEGER NOT NULL CHECK (seq > 0),
  kind     INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  wall_ms  INTEGER NOT NULL,
  mono_ms  INTEGER NOT NULL,
  boot_id  INTEGER NOT NULL,
  payload  BLOB NOT NULL,
  hash     BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (epoch, seq)
) STRICT;
INSERT INTO "journal" VALUES(1,1,0,1,1773331200000,3600000,1,X'0300000000000000000000000000000080E0B5AC9C67',X'0F76CBBFF80E73A5FB584EB17F6BDD7C193064BCB1138252C16B863C45636B72');
INSERT INTO "journal" VALUES(1,2,3,1,1773331200000,3600000,1,X'050000000000000000000000000000000100000000000000000000000000000203000000000000000000000000000000000080E0B5AC9C670000000080879AB901BFDBC8B107904E0003010000020400000000000006766973697461013100000000000770726F6D69736501E4D30E0A323032362D30332D3230087472616E73666572000001FB877668200DBF8C103CC9588AC8845E8CCAF22C6787457B498717544EE0B308000570686F746F0A696D6167652F6A7065671D80E0B5AC9C6700',X'F664FE11F76D2963AE3A00409BD80DDD252BA92E8E33DA1484751D13233CF83D');
CREATE TABLE quarantine (
  epoch  INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  code   INTEGER NOT NULL,
  PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE shift (
  id             BLOB PRIMARY KEY CHECK (length(id) = 16),
  started_at_ms  INTEGER NOT NULL,
  ended_at_ms    INTEGER,
  fixes          INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO "shift" VALUES(X'03000000000000000000000000000000',1773331200000,NULL,1);
CREATE TABLE sync_state (
  one              INTEGER PRIMARY KEY CHECK (one = 1),
  epoch            INTEGER NOT NULL,
  -- Up to here the server has confirmed the journal of this epoch; all of earlier epochs is confirmed.
  confirmed_seq    INTEGER NOT NULL,
  confirmed_hash   BLOB NOT NULL CHECK (length(confirmed_hash) = 32),
  change_cursor    INTEGER NOT NULL,
  last_success_ms  INTEGER
) STRICT;
INSERT INTO "sync_state" VALUES(1,1,1,X'0F76CBBFF80E73A5FB584EB17F6BDD7C193064BCB1138252C16B863C45636B72',4,NULL);
CREATE TABLE tenant_value (
  name   TEXT PRIMARY KEY,
  bytes  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "tenant_value" VALUES('outcomes',X'050770726F6D6973650770726F6D6973650770726F6D6973650770726F6D6973650002000100000209706169645F7061727409706169645F7061727409706169645F7061727409706169645F7061727400020000010001096E6F626F64795F696E096E6F626F64795F696E096E6F626F64795F696E096E6F626F64795F696E000200000001010772656675736573077265667573657307726566757365730772656675736573000200000000051376616C69646174696F6E5F706F7369746976651376616C69646174696F6E5F706F7369746976651376616C69646174696F6E5F706F7369746976651376616C69646174696F6E5F706F73697469766501020000000003');
INSERT INTO "tenant_value" VALUES('policy',X'0444656D6F034D584ECF0580D461A08D06E0D4030080D461A08D06E0D40300B009D804');
CREATE TABLE visit_draft (
  visit_id       BLOB PRIMARY KEY CHECK (length(visit_id) = 16),
  case_id        BLOB NOT NULL UNIQUE,
  arrived_at_ms  INTEGER NOT NULL,
  answering      INTEGER NOT NULL CHECK (answering IN (0, 1)),
  form_id        TEXT NOT NULL,
  form_version   TEXT NOT NULL,
  case_bytes     BLOB NOT NULL,
  -- The VisitFinished that it grows into, as core/codec has it; answers stand in draft_answer meanwhile.
  visit_bytes    BLOB NOT NULL
) STRICT;
INSERT INTO "visit_draft" VALUES(X'06000000000000000000000000000000',X'01000000000000000000000000000001',1773331200000,1,'visita','1',X'0100000000000000000000000000000106432D31303031000009506572736F6E6120310A35353530303030303030001743616C6C6520312C20436F6C6F6E69612043656E74726F0D706F7274C3B36E207665726465C0EC8DB901BFDBC8B107904E00067669736974610180A8D19B9C6700010762616C616E63650431353030',X'0600000000000000000000000000000001000000000000000000000000000001030000000000000000000000000000000080E0B5AC9C670000000000C0EC8DB901BFDBC8B107904E0018010200808C979B0DDFD3969B0DA0B1C112DFA2C75E1002840000E0EC78000000000006766973697461013180E0B5AC9C67CF052A0000000000000000');
CREATE UNIQUE INDEX form_newest ON form (form_id) WHERE newest = 1;
CREATE INDEX field_case_due ON field_case (due_ms IS NULL, due_ms, key);
CREATE UNIQUE INDEX shift_open ON shift (ended_at_ms IS NULL) WHERE ended_at_ms IS NULL;
CREATE INDEX finished_visit_case ON finished_visit (case_id);
CREATE INDEX finished_visit_entry ON finished_visit (epoch, seq);
CREATE INDEX evidence_outbox_waiting ON evidence_outbox (visit_id) WHERE state = 0;
COMMIT;
