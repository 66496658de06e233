package org.interseal.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.interseal.crypto.Bytes;
import org.interseal.crypto.RootCertificate;
import org.interseal.identity.BankId;
import org.interseal.protocol.http.RestApi;
import org.interseal.protocol.json.ProtocolJson;
import org.interseal.protocol.registry.BankDirectory;
import org.interseal.protocol.registry.LicensedBank;

/** What this gateway says about banks: rows that prove themselves. Thread-safe. */
final class BankDocuments {
  /** A body with its entity tag. */
  record Tagged(String etag, Bytes json) {}

  private record Cached(long version, Optional<Tagged> document) {}

  private final BankId bank;
  private final BankDirectory banks;
  private final RootCertificate root;
  private volatile Cached own = new Cached(-1, Optional.empty());

  BankDocuments(BankId bank, BankDirectory banks, RootCertificate root) {
    this.bank = bank;
    this.banks = banks;
    this.root = root;
  }

  /** This gateway's bank; empty until its licence was read. */
  Optional<Tagged> own() {
    // Version first: a change in between makes the cache stale, never wrong for good.
    long version = banks.version();
    Cached cached = own;
    if (cached.version != version) {
      cached = new Cached(version, banks.bank(bank).map(b -> tagged(ownDocument(b))));
      own = cached;
    }
    return cached.document;
  }

  Optional<Tagged> of(BankId other) {
    return banks.bank(other).map(b -> tagged(document(b)));
  }

  /** The banks whose BIC follows {@code after}. */
  Tagged page(String after, int limit) {
    List<RestApi.BankDocument> page = new ArrayList<>();
    String next = null;
    for (LicensedBank licensed : banks.banks()) {
      if (licensed.bank().value().compareTo(after) <= 0) {
        continue;
      }
      if (page.size() == limit) {
        next = page.getLast().bank().value();
        break;
      }
      page.add(document(licensed));
    }
    return tagged(new RestApi.BankPage(page, next));
  }

  private RestApi.BankDocument document(LicensedBank licensed) {
    return new RestApi.BankDocument(
        licensed.bank(),
        licensed.bank().institution(),
        licensed.legalName(),
        licensed.status().name(),
        banks.records(licensed.bank()));
  }

  private RestApi.OwnBankDocument ownDocument(LicensedBank licensed) {
    return new RestApi.OwnBankDocument(
        licensed.bank(),
        licensed.bank().institution(),
        licensed.legalName(),
        licensed.status().name(),
        licensed.partitions(),
        root.der(),
        banks.records(licensed.bank()));
  }

  private static Tagged tagged(Object document) {
    Bytes json = ProtocolJson.encode(document);
    return new Tagged("\"" + Bytes.sha256(json).prefix(12).toBase64Url() + "\"", json);
  }
}
