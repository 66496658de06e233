package org.interseal.protocol.http;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.interseal.crypto.Bytes;
import org.interseal.identity.BankId;
import org.jspecify.annotations.Nullable;

/**
 * The JSON shapes of the REST interface, version 1. Readers ignore members that they do not know.
 */
public final class RestApi {
  public static final String BANK = "/v1/bank";
  public static final String BANKS = "/v1/banks";
  public static final String MESSAGES = "/v1/messages";
  public static final String ACTIVATIONS = "/v1/activations";
  public static final String MAILBOX = "/v1/mailbox";
  public static final String MAILBOX_EVENTS = "/v1/mailbox/events";
  public static final String OPENAPI = "/v1/openapi.json";

  /** Media type of a submitted envelope. */
  public static final String ENVELOPE_TYPE = "application/jose";

  /** Longest {@code wait}, in seconds. */
  public static final int MAX_WAIT_SECONDS = 30;

  /** Most items in a page of the mailbox. */
  public static final int MAX_PAGE_ITEMS = 100;

  /** Most banks in a page of the directory. */
  public static final int MAX_PAGE_BANKS = 50;

  private RestApi() {}

  /**
   * A bank with everything that proves it. Nothing outside {@code records} is to be believed: hand
   * them with the root certificate, once its hash is the one of the activation code, to {@code
   * BankDirectory.verified}.
   *
   * @param institution the four characters that stand for it in an IBAN
   * @param status ACTIVE or SUSPENDED
   * @param records rows of {@code bank_keys}: licence, epochs, node certificates, revocations
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record BankDocument(
      BankId bank, String institution, String legalName, String status, List<String> records) {
    public BankDocument {
      records = List.copyOf(records);
    }
  }

  /**
   * The gateway's own bank.
   *
   * @param partitions number of its ledger partitions
   * @param rootCertificate DER of the authority's root, to be compared with a hash known from
   *     elsewhere
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record OwnBankDocument(
      BankId bank,
      String institution,
      String legalName,
      String status,
      int partitions,
      Bytes rootCertificate,
      List<String> records) {
    public OwnBankDocument {
      records = List.copyOf(records);
    }
  }

  /**
   * A page of the directory of banks, in order of BIC.
   *
   * @param next the {@code after} of the next page, or none on the last
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record BankPage(List<BankDocument> banks, @Nullable String next) {
    public BankPage {
      banks = List.copyOf(banks);
    }
  }

  /**
   * What became of a submitted envelope.
   *
   * @param submissionId names it in {@code inReplyTo} of its answers
   * @param item the answer, when it came while the call waited
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Submission(String submissionId, @Nullable Item item) {}

  /**
   * A sealed message to the device.
   *
   * @param id unique in the mailbox; the same item may be delivered more than once
   * @param cursor where to resume after this item
   * @param inReplyTo the submission that it answers, or none
   * @param envelope sealed to the device
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Item(String id, String cursor, @Nullable String inReplyTo, String envelope) {}

  /**
   * A page of a mailbox, oldest first.
   *
   * @param cursor the {@code after} of the next call; to be kept only once {@code more} is false
   * @param more whether the next page can be fetched at once
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record MailboxPage(List<Item> items, String cursor, boolean more) {
    public MailboxPage {
      items = List.copyOf(items);
    }
  }

  /** An error (RFC 9457); {@code code} is one of docs/reference/problems.md. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Problem(String type, String title, int status, String detail, String code) {}
}
