package org.interseal.bank.founding;

import org.interseal.crypto.Bytes;

/**
 * A second operator's approval of one request, signed with that operator's key.
 *
 * @param v format version, 1
 * @param request SHA-256 of the signed request
 * @param challenge SHA-256 of what the server has to open
 */
record EnrolmentApproval(int v, Bytes request, Bytes challenge, String operator, long atMillis) {
  static final int VERSION = 1;
  static final String STATEMENT_TYPE = "interseal-enrolment-approval";

  EnrolmentApproval {
    if (v != VERSION) {
      throw new IllegalArgumentException("an enrolment approval of format version " + v);
    }
  }
}
