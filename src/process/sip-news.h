/* What a conclave-sip tells of its calls, read strictly. Owns nothing. Fuzzed. */
#pragma once

#include "ipc/parcel.h"
#include "process/telephony.h"

G_BEGIN_DECLS

/* bytes of a trunk's name, and of what it says to operators */
#define CV_SIP_MAX_TRUNK_NAME 40
#define CV_SIP_MAX_SOURCE 16

/* FALSE where it is none of them, or has a member too many, too few or out of bounds. Text is borrowed from the parcel. */
gboolean cv_sip_news_parse (CvSipNews *self, const CvParcel *parcel, GError **error);

G_END_DECLS
