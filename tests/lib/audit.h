/* The audit with who and what in place of their pseudonyms: stands for the table in a statement. */
#pragma once

#define CV_TEST_AUDIT                                                                                                  \
  "(SELECT n, at, ifnull ((SELECT id FROM pseudonym WHERE name = actor), actor) AS actor, action, "                    \
  "ifnull ((SELECT id FROM pseudonym WHERE name = object), object) AS object, detail FROM audit)"
