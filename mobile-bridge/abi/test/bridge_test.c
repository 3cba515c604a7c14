/* The interface as a C caller sees it: opening, errors, handles that are closed, fixes without a shift. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mobile-bridge/abi/terreno.h"

static int failures = 0;

static void check(int holds, const char* what, int line) {
  if (holds) return;
  fprintf(stderr, "line %d: %s does not hold\n", line, what);
  ++failures;
}
#define CHECK(condition) check((condition), #condition, __LINE__)

static terreno_core opened(const char* path) {
  terreno_options options = {0};
  options.database_path = path;
  options.language = "es-MX";
  options.device_name = "C";
  options.app_version = "1";
  terreno_core core = 0;
  terreno_error error;
  if (terreno_open(&options, &core, &error) != TERRENO_OK) {
    fprintf(stderr, "cannot open %s: %s\n", path, error.message);
    exit(1);
  }
  return core;
}

static void wrong_arguments_are_refused(void) {
  terreno_core core = 7;
  terreno_error error;
  CHECK(terreno_open(NULL, &core, &error) == TERRENO_ERROR_INVALID_ARGUMENT);
  CHECK(core == 0);
  CHECK(error.code == TERRENO_ERROR_INVALID_ARGUMENT && strlen(error.message) > 0);
  terreno_options options = {0};
  CHECK(terreno_open(&options, &core, NULL) == TERRENO_ERROR_INVALID_ARGUMENT);
  options.database_path = "/no/such/folder/terreno.db";
  CHECK(terreno_open(&options, &core, &error) == TERRENO_ERROR_IO);
  CHECK(error.retryable == 1);
  options.platform = 9;
  CHECK(terreno_open(&options, &core, NULL) == TERRENO_ERROR_INVALID_ARGUMENT);
}

static void a_new_phone_has_no_company(terreno_core core) {
  terreno_error error;
  char* json = NULL;
  CHECK(terreno_enrolment(core, &json, &error) == TERRENO_OK);
  CHECK(json != NULL && strcmp(json, "null") == 0);
  terreno_string_free(json);
  CHECK(terreno_cases(core, NULL, &json, &error) == TERRENO_OK);
  CHECK(json != NULL && strcmp(json, "[]") == 0);
  terreno_string_free(json);
  CHECK(terreno_cases(core, "{\"ordre\":\"due\"}", &json, &error) == TERRENO_ERROR_INVALID_ARGUMENT);
  CHECK(strstr(error.message, "ordre") != NULL);
  CHECK(json == NULL);
  CHECK(terreno_start_shift(core, &json, &error) == TERRENO_ERROR_NOT_ENROLLED);
  CHECK(terreno_sync_status(core, &json, &error) == TERRENO_OK);
  CHECK(json != NULL && strstr(json, "\"pending_entries\":0") != NULL);
  terreno_string_free(json);
}

static void nothing_is_tracked_outside_a_shift(terreno_core core) {
  terreno_fix fix = {0};
  fix.captured_at_ms = 1760000000000;
  fix.latitude = 19.43;
  fix.longitude = -99.13;
  fix.accuracy_m = 8;
  fix.speed_mps = fix.bearing_deg = fix.altitude_m = NAN;
  size_t kept = 5;
  CHECK(terreno_add_fixes(core, &fix, 1, &kept, NULL) == TERRENO_ERROR_SHIFT_NOT_OPEN);
  CHECK(kept == 0);
  CHECK(terreno_add_fixes(core, NULL, 1, NULL, NULL) == TERRENO_ERROR_INVALID_ARGUMENT);
  terreno_battery battery = {1760000000000, 101, 0};
  CHECK(terreno_add_battery(core, &battery, NULL) == TERRENO_ERROR_INVALID_ARGUMENT);
}

static void an_enrolment_is_asked_for(terreno_core core) {
  terreno_http_request request = {0};
  terreno_error error;
  CHECK(terreno_enrol_request(core, "ABCD-EFGH", &request, &error) == TERRENO_OK);
  CHECK(request.method != NULL && strcmp(request.method, "POST") == 0);
  CHECK(request.path != NULL && request.path[0] == '/');
  CHECK(request.body != NULL && request.body_size > 32);
  terreno_http_request_free(&request);
  CHECK(request.method == NULL && request.owner == NULL);
  terreno_http_request_free(&request);
  CHECK(terreno_next_request(core, 1, &request, &error) == TERRENO_OK);
  CHECK(request.method == NULL);
  terreno_http_response response = {0};
  response.status = 200;
  response.body_size = 3;
  CHECK(terreno_on_enrol_response(core, &response, &error) == TERRENO_ERROR_INVALID_ARGUMENT);
  response.body = (const uint8_t*)"<p>";
  CHECK(terreno_on_enrol_response(core, &response, &error) != TERRENO_OK);
}

static void a_closed_handle_is_refused(terreno_core core) {
  char* json = NULL;
  terreno_error error;
  CHECK(terreno_close(core, &error) == TERRENO_OK);
  CHECK(terreno_close(core, &error) == TERRENO_ERROR_INVALID_ARGUMENT);
  CHECK(terreno_shift(core, &json, &error) == TERRENO_ERROR_INVALID_ARGUMENT);
  CHECK(terreno_shift(0, &json, &error) == TERRENO_ERROR_INVALID_ARGUMENT);
  CHECK(json == NULL);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  remove(argv[1]);
  CHECK(terreno_abi_version() == TERRENO_ABI_VERSION);
  wrong_arguments_are_refused();
  terreno_core core = opened(argv[1]);
  a_new_phone_has_no_company(core);
  nothing_is_tracked_outside_a_shift(core);
  an_enrolment_is_asked_for(core);
  CHECK(terreno_case(core, "no id", NULL, NULL) == TERRENO_ERROR_INVALID_ARGUMENT);
  a_closed_handle_is_refused(core);
  core = opened(argv[1]);
  CHECK(terreno_close(core, NULL) == TERRENO_OK);
  if (failures == 0) puts("all holds");
  return failures == 0 ? 0 : 1;
}
