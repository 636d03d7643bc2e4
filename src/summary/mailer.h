/* Sends what waits in table `mail`, one after the other, and again where that failed.
 *
 * Owns a timer, and the e-mail that is under way. Main thread; sending is a job for GLib's pool.
 */
#pragma once

#include "base/clock.h"
#include "store/mails.h"
#include "summary/post.h"
#include "summary/press.h"

G_BEGIN_DECLS

/* in all, over about 18 hours: each wait is three times as long as the one before */
#define CV_MAILER_ATTEMPTS 8
#define CV_MAILER_FIRST_MS 60000

typedef struct {
  CvStore *store;
  CvClock *clock;
  CvWords *words;
  const CvPostOptions *post;
  const char *server; /* https://HOST, "" where nobody knows it */
} CvMailerOptions;

#define CV_TYPE_MAILER (cv_mailer_get_type ())
G_DECLARE_FINAL_TYPE (CvMailer, cv_mailer, CV, MAILER, GObject)

CvMailer *cv_mailer_new (const CvMailerOptions *options);
/* For e-mails that are sent from now on; NULL: without. FALSE: it is for another server or name, and nothing has changed. */
gboolean cv_mailer_set_password (CvMailer *self, const char *server, const char *username, const char *password);
/* The same; NULL: without. */
void cv_mailer_set_letterhead (CvMailer *self, CvLetterhead *letterhead);
void cv_mailer_stop (CvMailer *self);
/* There may be something new. */
void cv_mailer_look (CvMailer *self);

G_END_DECLS
