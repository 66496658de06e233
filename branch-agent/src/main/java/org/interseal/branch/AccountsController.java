package org.interseal.branch;

import java.security.Principal;
import java.util.function.Supplier;
import org.interseal.protocol.banking.CurrencyCode;
import org.interseal.protocol.banking.Iban;
import org.interseal.protocol.banking.Money;
import org.interseal.protocol.message.BranchMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What tellers do for customers. Every call names the authenticated teller in the message to the
 * bank.
 */
@RestController
@RequestMapping("/v1/accounts")
class AccountsController {
  private static final String KEY = "Idempotency-Key";

  private final TellerDesk tellers;

  AccountsController(TellerDesk tellers) {
    this.tellers = tellers;
  }

  /**
   * An account to open.
   *
   * @param requestedNumber 0 to 9,999,999,999, or none for the next free one
   */
  record NewAccount(String customerName, String currency, @Nullable Long requestedNumber) {
    NewAccount {
      java.util.Objects.requireNonNull(customerName);
      java.util.Objects.requireNonNull(currency);
    }
  }

  /** Cash, as a decimal string in a currency. */
  record Cash(String amount, String currency, String reference) {
    Cash {
      java.util.Objects.requireNonNull(amount);
      java.util.Objects.requireNonNull(currency);
      java.util.Objects.requireNonNull(reference);
    }

    Money money() {
      return Money.of(amount, new CurrencyCode(currency));
    }
  }

  private ResponseEntity<Object> submit(@Nullable String key, Supplier<BranchMessage> message) {
    return tellers.handle(() -> tellers.desk().submit(message.get(), key));
  }

  @PostMapping
  ResponseEntity<Object> open(
      Principal teller,
      @RequestHeader(name = KEY, required = false) @Nullable String key,
      @RequestBody NewAccount account) {
    return submit(
        key,
        () ->
            new BranchMessage.OpenAccount(
                teller.getName(),
                account.customerName(),
                new CurrencyCode(account.currency()),
                account.requestedNumber()));
  }

  @DeleteMapping("/{iban}")
  ResponseEntity<Object> close(
      Principal teller,
      @RequestHeader(name = KEY, required = false) @Nullable String key,
      @PathVariable String iban) {
    return submit(key, () -> new BranchMessage.CloseAccount(teller.getName(), new Iban(iban)));
  }

  @PostMapping("/{iban}/close")
  ResponseEntity<Object> closeByPost(
      Principal teller,
      @RequestHeader(name = KEY, required = false) @Nullable String key,
      @PathVariable String iban) {
    return close(teller, key, iban);
  }

  @PostMapping("/{iban}/cash-in")
  ResponseEntity<Object> cashIn(
      Principal teller,
      @RequestHeader(name = KEY, required = false) @Nullable String key,
      @PathVariable String iban,
      @RequestBody Cash cash) {
    return submit(
        key,
        () ->
            new BranchMessage.PayCashIn(
                teller.getName(), new Iban(iban), cash.money(), cash.reference()));
  }

  @PostMapping("/{iban}/cash-out")
  ResponseEntity<Object> cashOut(
      Principal teller,
      @RequestHeader(name = KEY, required = false) @Nullable String key,
      @PathVariable String iban,
      @RequestBody Cash cash) {
    return submit(
        key,
        () ->
            new BranchMessage.PayCashOut(
                teller.getName(), new Iban(iban), cash.money(), cash.reference()));
  }

  @PostMapping("/{iban}/activation-code")
  ResponseEntity<Object> activationCode(
      Principal teller,
      @RequestHeader(name = KEY, required = false) @Nullable String key,
      @PathVariable String iban) {
    return tellers.handle(
        () -> tellers.desk().submitActivationCode(teller.getName(), new Iban(iban), key));
  }

  @GetMapping("/{iban}/devices")
  ResponseEntity<Object> devices(Principal teller, @PathVariable String iban) {
    return submit(null, () -> new BranchMessage.ListDevices(teller.getName(), new Iban(iban)));
  }

  @DeleteMapping("/{iban}/devices/{deviceId}")
  ResponseEntity<Object> unlink(
      Principal teller,
      @RequestHeader(name = KEY, required = false) @Nullable String key,
      @PathVariable String iban,
      @PathVariable String deviceId) {
    return submit(
        key,
        () -> new BranchMessage.UnlinkDeviceOfCustomer(teller.getName(), new Iban(iban), deviceId));
  }
}
