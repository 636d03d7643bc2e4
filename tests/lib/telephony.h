/* A telephone gateway that a test plays: it notes what it is told, and says what the test wants. */
#pragma once

#include "process/telephony.h"

G_BEGIN_DECLS

#define CV_TYPE_TEST_TELEPHONY (cv_test_telephony_get_type ())
G_DECLARE_FINAL_TYPE (CvTestTelephony, cv_test_telephony, CV, TEST_TELEPHONY, GObject)

/* It is up. */
CvTestTelephony *cv_test_telephony_new (void);

/* What it was told since the last call, as "pin-result(c…,unknown,null,0,2) admit(c…,1,false,true) …", where ids are known by their
 * last two letters. Returns: (transfer full). */
char *cv_test_telephony_take (CvTestTelephony *self);

/* Somebody rings; `call`: "c" + 12 letters. */
void cv_test_telephony_ring (CvTestTelephony *self, const char *call, const char *from, const char *source);
void cv_test_telephony_type (CvTestTelephony *self, const char *call, const char *digits);
void cv_test_telephony_press (CvTestTelephony *self, const char *call, CvSipKey key);
void cv_test_telephony_go (CvTestTelephony *self, const char *call, const char *reason);
void cv_test_telephony_say (CvTestTelephony *self, const CvSipNews *news);
/* Goes down, and is up again. */
void cv_test_telephony_crash (CvTestTelephony *self);

G_END_DECLS
