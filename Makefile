# Moisson. `make help` says what there is to make.

VERSION := $(shell cat VERSION)
PREFIX = /usr/local
DESTDIR =
BINDIR = $(PREFIX)/bin
LIBDIR = $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
MANDIR = $(PREFIX)/share/man
SCHEMADIR = $(PREFIX)/share/moisson
UNITDIR = $(PREFIX)/lib/systemd/system

CC = cc
CXX = c++
AR = ar
AWK = awk
PKG_CONFIG = pkg-config

BUILD = build$(if $(SANITIZE),/sanitize$(if $(filter thread,$(SANITIZE)),/thread))
BIN = $(BUILD)/bin

WARNINGS = -Wall -Wextra -Wconversion -Wno-sign-conversion $(if $(WERROR),-Werror)
SANITIZERS = $(if $(filter thread,$(SANITIZE)),-fsanitize=thread,-fsanitize=address,undefined \
  -fno-sanitize-recover=all) -fno-omit-frame-pointer
BASE_CFLAGS = -std=c11 $(if $(SANITIZE),-O1,-O3) -g $(WARNINGS) $(if $(SANITIZE),$(SANITIZERS))
BASE_CPPFLAGS = -D_GNU_SOURCE -DMO_VERSION='"$(VERSION)"' -Iinclude -Iconverters/lib
BASE_LDFLAGS = $(if $(SANITIZE),$(SANITIZERS))

# $(call flags,PACKAGES) and $(call libs,PACKAGES); empty where they are not installed
flags = $(shell $(PKG_CONFIG) --cflags $(1) 2>/dev/null)
libs = $(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null)
XML := libxml-2.0
TURTLE := serd-0
MARKDOWN := md4c
BASE := nettle
LIBS = $(XML) $(TURTLE) $(MARKDOWN) $(BASE)
CSV = -lcsv
HARVEST := libcurl sqlite3 libconfuse libcjson
LIB_CPPFLAGS := $(call flags,$(XML) $(TURTLE) $(MARKDOWN) $(BASE))
HARVEST_CPPFLAGS := $(call flags,$(HARVEST))

PROGRAMS := $(notdir $(basename $(wildcard converters/*.c)))
PAGES := $(wildcard converters/*.1 harvester/*.1)
PAGES7 := $(wildcard converters/*.7)
LIB_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard converters/lib/*/*.c)) $(BUILD)/gen/tables.o \
	$(BUILD)/gen/site_css.o $(BUILD)/gen/site_js.o
HARVEST_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard harvester/*.c harvester/sources/*.c)) \
	$(BUILD)/gen/store.o
UNIT_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
BENCHES := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))
FUZZERS := $(notdir $(basename $(wildcard tests/fuzz/fuzz_*.c)))
SHARED = $(BUILD)/libmoisson.so.0
SCHEMAS = $(addprefix $(BUILD)/schemas/,dcatap-3.0.1.schema.json dcatap-2.1.1.schema.json datagouv.schema.json)

all: need-build
	@$(MAKE) --no-print-directory programs

programs: $(PROGRAMS:%=$(BIN)/%) $(BIN)/moisson $(BUILD)/libmoisson.a $(SHARED) $(SCHEMAS)

help:
	@echo 'make                build the programs in build/bin, and the library'
	@echo 'make check [T=...]  run the tests, or those whose name begins with T'
	@echo 'make bless T=...    take what a case prints now for right'
	@echo 'make demo           harvest the samples, from nothing to two exports'
	@echo 'make conformance    run the W3C suites and the corpora in ../shared'
	@echo 'make bench          measure speed and memory against xmllint, rapper, jq'
	@echo 'make chaos          harvest failing servers, kill all that can be killed'
	@echo 'make fuzz T=...     run a fuzzer: $(FUZZERS:fuzz_%=%)'
	@echo 'make lint           formatter, static analysis, both compilers'
	@echo 'make install        into PREFIX=$(PREFIX), below DESTDIR'
	@echo 'make deps           install the packages that all this needs (as root)'
	@echo 'make deps-conformance, make dist, make clean'
	@echo 'SANITIZE=1 builds and tests with the sanitizers, in build/sanitize; SANITIZE=thread looks for races'

# ---- Packages ----

need-build need-check need-bench need-fuzz need-conformance: need-%:
	@sh tests/kit/deps.sh $*

# Installs only what is missing, only as root, and says so first.
have-build have-check have-conformance: have-%:
	@sh tests/kit/deps.sh $* >/dev/null 2>&1 || sh tests/kit/deps.sh --install $*

deps:
	@sh tests/kit/deps.sh --install check bench

deps-conformance:
	@sh tests/kit/deps.sh --install check conformance
	@sh tests/conformance/judges.sh

# ---- The library and the programs ----

$(BUILD)/gen/tables.c: schemas/tables.awk $(wildcard schemas/*.tsv)
	@mkdir -p $(@D)
	LC_ALL=C $(AWK) -f schemas/tables.awk $(sort $(filter %.tsv,$^)) >$@.tmp
	@mv $@.tmp $@

$(BUILD)/gen/store.c: schemas/text.awk schemas/store.sql schemas/store-views.sql
	@mkdir -p $(@D)
	$(AWK) -v name=store_tables -f schemas/text.awk schemas/store.sql >$@.tmp
	$(AWK) -v name=store_views -f schemas/text.awk schemas/store-views.sql >>$@.tmp
	@mv $@.tmp $@

$(BUILD)/gen/site_%.c: schemas/text.awk converters/lib/site/site.%
	@mkdir -p $(@D)
	$(AWK) -v name=mo_site_$* -f $^ >$@.tmp
	@mv $@.tmp $@

# $(call tables,NAMES)
tables = $(patsubst %,schemas/%.tsv,$(1))

$(BUILD)/schemas/dcatap-%.schema.json: schemas/dcatap.schema.awk $(call tables,classes properties)
	@mkdir -p $(@D)
	$(AWK) -v keys=$* -f $^ >$@.tmp
	@mv $@.tmp $@

$(BUILD)/schemas/datagouv.schema.json: schemas/datagouv.schema.awk \
		$(call tables,access-categories access-rights contact-roles frequencies licences datagouv)
	@mkdir -p $(@D)
	$(AWK) -f $^ >$@.tmp
	@mv $@.tmp $@

COMPILE = $(CC) $(BASE_CPPFLAGS) $(CPPFLAGS) $(BASE_CFLAGS) -fPIC -fvisibility=hidden -MMD -MP

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(COMPILE) -c -o $@ $< $(CFLAGS)

$(BUILD)/converters/lib/%.o: converters/lib/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(LIB_CPPFLAGS) -c -o $@ $< $(CFLAGS)

$(BUILD)/harvester/%.o: harvester/%.c
	@mkdir -p $(@D)
	$(COMPILE) -Iharvester -DLIBEXEC_DIR='"$(BINDIR)"' $(HARVEST_CPPFLAGS) -c -o $@ $< $(CFLAGS)

# Another PREFIX compiles again what knows it.
$(BUILD)/gen/bindir: FORCE
	@mkdir -p $(@D)
	@echo '$(BINDIR)' | cmp -s - $@ || echo '$(BINDIR)' >$@

$(BUILD)/harvester/tool.o: $(BUILD)/gen/bindir

$(BUILD)/converters/%.o: converters/%.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $< $(CFLAGS)

$(BUILD)/libmoisson.a: $(LIB_OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

$(SHARED): $(LIB_OBJECTS)
	$(CC) $(BASE_LDFLAGS) -shared -Wl,-soname,$(@F) -o $@ $^ $(call libs,$(LIBS)) $(CSV) $(LDFLAGS)

# A filter that reads no XML is spared libxml2: the linker drops what is not used.
LINK = $(CC) $(BASE_LDFLAGS) -Wl,--as-needed

$(BIN)/moisson: $(HARVEST_OBJECTS) $(BUILD)/libmoisson.a
	@mkdir -p $(@D)
	$(LINK) -pthread -o $@ $^ $(call libs,$(HARVEST) $(LIBS)) $(CSV) $(LDFLAGS)

$(BIN)/%: $(BUILD)/converters/%.o $(BUILD)/libmoisson.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(call libs,$(LIBS)) $(CSV) $(LDFLAGS)

$(BUILD)/moisson.pc: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$(LIBDIR)' 'includedir=$(INCLUDEDIR)' '' 'Name: moisson' \
	  'Description: dataset catalogues between DCAT RDF/XML, DCAT-AP JSON and data.gouv.fr JSON' \
	  'Version: $(VERSION)' 'Requires.private: $(LIBS)' \
	  'Libs: -L$${libdir} -lmoisson' 'Libs.private: $(CSV)' 'Cflags: -I$${includedir}' >$@

install: all $(BUILD)/moisson.pc
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)/moisson \
	  $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(MANDIR)/man7 $(DESTDIR)$(SCHEMADIR) $(DESTDIR)$(UNITDIR)
	install -m 755 $(PROGRAMS:%=$(BIN)/%) $(BIN)/moisson $(DESTDIR)$(BINDIR)
	install -m 644 $(BUILD)/libmoisson.a $(DESTDIR)$(LIBDIR)
	install -m 755 $(SHARED) $(DESTDIR)$(LIBDIR)
	ln -sf $(notdir $(SHARED)) $(DESTDIR)$(LIBDIR)/libmoisson.so
	install -m 644 $(BUILD)/moisson.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	install -m 644 $(wildcard include/moisson/*) $(DESTDIR)$(INCLUDEDIR)/moisson
	install -m 644 $(PAGES) $(DESTDIR)$(MANDIR)/man1
	install -m 644 $(PAGES7) $(DESTDIR)$(MANDIR)/man7
	install -m 644 $(SCHEMAS) $(DESTDIR)$(SCHEMADIR)
	for unit in moisson.service moisson.timer; do \
	  sed 's,@BINDIR@,$(BINDIR),g' harvester/service/$$unit >$(DESTDIR)$(UNITDIR)/$$unit; done
	sed 's,@BINDIR@,$(BINDIR),g' harvester/service/moisson.cron >$(DESTDIR)$(SCHEMADIR)/moisson.cron

dist:
	@mkdir -p build
	git archive --prefix=moisson-$(VERSION)/ -o build/moisson-$(VERSION).tar.gz HEAD
	@echo build/moisson-$(VERSION).tar.gz

clean:
	rm -rf build

# ---- Tests ----

TEST_CPPFLAGS = -Iharvester -Itests/kit $(LIB_CPPFLAGS) $(call flags,cunit libcjson)

# Of the harvester, what needs no network and no store.
UNIT_OBJECTS := $(patsubst %,$(BUILD)/harvester/%.o,address converter digest finding links nearest pipeline \
  retry robots spool tool turns worker) \
  $(patsubst %.c,$(BUILD)/%.o,$(wildcard harvester/sources/*.c))

$(BUILD)/tests/unit/test_memory: WRAP = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
$(BUILD)/tests/unit/%: tests/unit/%.c $(UNIT_OBJECTS) \
  $(BUILD)/libmoisson.a
	@mkdir -p $(@D)
	$(COMPILE) $(TEST_CPPFLAGS) $(BASE_LDFLAGS) $(WRAP) -o $@ $< $(filter %.o %.a,$^) \
	  $(call libs,cunit libcjson $(LIBS)) $(CSV) $(CFLAGS) $(LDFLAGS)

$(BUILD)/tests/kit/%: tests/kit/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(BASE_LDFLAGS) -o $@ $< $(CFLAGS) $(LDFLAGS)

# The same targets replay their seeds under any compiler.
$(BUILD)/tests/fuzz/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(wildcard tests/fuzz/*.h) $(BUILD)/libmoisson.a
	@mkdir -p $(@D)
	$(COMPILE) $(TEST_CPPFLAGS) $(BASE_LDFLAGS) -o $@ $(filter %.c %.a,$^) \
	  $(call libs,$(LIBS)) $(CSV) $(CFLAGS) $(LDFLAGS)

TEST_PROGRAMS = $(BENCHES) $(UNIT_TESTS) $(FUZZERS:%=$(BUILD)/tests/fuzz/%) \
	$(patsubst %.c,$(BUILD)/%,$(wildcard tests/kit/*.c))

test-programs: programs $(TEST_PROGRAMS)

check: have-check
	@$(MAKE) --no-print-directory test-programs
	@MAKE='$(MAKE)' BUILD='$(BUILD)' CC='$(CC)' CXX='$(CXX)' sh tests/kit/check.sh $(T)

bless: have-check
	@$(MAKE) --no-print-directory test-programs
	@test -n '$(T)' || { echo 'say which: make bless T=rdfxml2dcatap/empty'; exit 2; }
	@BLESS=1 BUILD='$(BUILD)' sh tests/kit/check.sh $(T)

# Without ../shared there is nothing to build or install for: the script says so.
conformance: $(if $(wildcard ../shared/corpus),have-conformance)
	@[ ! -d ../shared/corpus ] || $(MAKE) --no-print-directory programs $(BUILD)/tests/conformance/records
	@BUILD='$(BUILD)' sh tests/conformance/run.sh $(T)

$(BUILD)/tests/conformance/%: tests/conformance/%.c $(BUILD)/libmoisson.a
	@mkdir -p $(@D)
	$(COMPILE) $(BASE_LDFLAGS) -o $@ $(filter %.c %.a,$^) $(call libs,$(LIBS)) $(CSV) $(CFLAGS) $(LDFLAGS)

demo: have-build
	@$(MAKE) --no-print-directory programs $(BUILD)/tests/kit/httpd
	@BUILD='$(BUILD)' sh samples/demo.sh

bench: need-bench
	@$(MAKE) --no-print-directory programs $(BENCHES) \
	  $(BUILD)/tests/kit/peak $(BUILD)/tests/kit/httpd
	@BUILD='$(BUILD)' sh tests/bench/run.sh
	@BUILD='$(BUILD)' sh tests/bench/dialects.sh
	@BUILD='$(BUILD)' sh tests/bench/harvest.sh

# SEEDS=N so many runs, SEED=N from that seed on
chaos: have-check
	@$(MAKE) --no-print-directory programs $(BUILD)/tests/kit/chaosd
	@BUILD='$(BUILD)' $(if $(SEED),SEED='$(SEED)') $(if $(SEEDS),SEEDS='$(SEEDS)') sh tests/chaos/run.sh

$(BUILD)/tests/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(BASE_LDFLAGS) -o $@ $< $(CFLAGS) $(LDFLAGS)

# A fuzzer on its own needs clang, which brings libFuzzer. Its entropic schedule goes through all that an input
# reaches, after each run: where that is tens of thousands of places, it takes longer than the run.
fuzz: need-fuzz
	@test -n '$(T)' || { echo 'say which: make fuzz T=rdfxml'; exit 2; }
	@mkdir -p build/fuzz/$(T)
	@$(MAKE) --no-print-directory build/gen/tables.c build/gen/site_css.c build/gen/site_js.c
	clang $(BASE_CPPFLAGS) $(TEST_CPPFLAGS) -std=c11 -O1 -g -fsanitize=fuzzer,address,undefined \
	  -o build/fuzz/fuzz_$(T) tests/fuzz/fuzz_$(T).c $(wildcard converters/lib/*/*.c) build/gen/tables.c build/gen/site_*.c \
	  $(call libs,$(LIBS)) $(CSV)
	build/fuzz/fuzz_$(T) $(if $(wildcard tests/fuzz/$(T).dict),-dict=tests/fuzz/$(T).dict) -max_total_time=$(or $(SECONDS),60) \
	  -entropic=0 \
	  $(FUZZ_FLAGS) build/fuzz/$(T) $(wildcard tests/fuzz/seeds/$(T))

lint: have-check
	@sh tests/kit/lint.sh

FORCE:

.PHONY: FORCE all programs help need-build need-check need-bench need-fuzz need-conformance \
	have-build have-check have-conformance deps deps-conformance install dist clean test-programs \
	check bless conformance demo bench chaos fuzz lint
.SECONDARY:
.DELETE_ON_ERROR:

-include $(LIB_OBJECTS:.o=.d) $(HARVEST_OBJECTS:.o=.d) $(PROGRAMS:%=$(BUILD)/converters/%.d) $(TEST_PROGRAMS:=.d) \
	$(BUILD)/tests/conformance/records.d
