# Moisson. `make help` says what there is to make.

PREFIX = /usr/local
DESTDIR =
CC = cc
CXX = c++
AR = ar
AWK = awk
PKG_CONFIG = pkg-config
BUILD = build$(if $(SANITIZE),/sanitize)

VERSION := $(shell cat VERSION)
WARNINGS = -Wall -Wextra -Wconversion -Wno-sign-conversion
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
BASE_CFLAGS = -std=c11 -O2 -g $(WARNINGS) $(if $(SANITIZE),$(SANITIZERS))
BASE_CPPFLAGS = -D_GNU_SOURCE -DMO_VERSION='"$(VERSION)"' -Iinclude -Iconverters/lib
BASE_LDFLAGS = $(if $(SANITIZE),$(SANITIZERS))

LIB_PACKAGES = libxml-2.0 libcjson nettle
LIB_CPPFLAGS := $(shell $(PKG_CONFIG) --cflags $(LIB_PACKAGES) 2>/dev/null)
LIB_LIBS := $(shell $(PKG_CONFIG) --libs $(LIB_PACKAGES) 2>/dev/null)

PROGRAMS := $(notdir $(basename $(wildcard converters/*.c)))
LIB_SOURCES := $(wildcard converters/lib/*/*.c)
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/gen/tables.o

all: $(PROGRAMS:%=$(BUILD)/bin/%)

$(BUILD)/gen/tables.c: schemas/tables.awk $(wildcard schemas/*.tsv)
	@mkdir -p $(@D)
	$(AWK) -f schemas/tables.awk $(sort $(filter %.tsv,$^)) >$@.tmp
	mv $@.tmp $@

$(BUILD)/gen/tables.o: $(BUILD)/gen/tables.c
	$(CC) $(BASE_CPPFLAGS) $(CPPFLAGS) $(BASE_CFLAGS) -fPIC -c -o $@ $< $(CFLAGS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(BASE_CPPFLAGS) $(LIB_CPPFLAGS) $(CPPFLAGS) $(BASE_CFLAGS) -fPIC -MMD -MP -c -o $@ $< $(CFLAGS)

$(BUILD)/libmoisson.a: $(LIB_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/bin/%: $(BUILD)/converters/%.o $(BUILD)/libmoisson.a
	@mkdir -p $(@D)
	$(CC) $(BASE_LDFLAGS) -o $@ $^ $(LIB_LIBS) $(LDFLAGS)

-include $(LIB_OBJECTS:.o=.d)
.SECONDARY:
