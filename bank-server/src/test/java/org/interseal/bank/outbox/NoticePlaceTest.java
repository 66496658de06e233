package org.interseal.bank.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.interseal.crypto.Bytes;
import org.junit.jupiter.api.Test;

/** What names a notice for ever: devices take what has a name that they know for a repetition. */
class NoticePlaceTest {
  private static final String OWNER = "device";
  private static final Bytes LOST = Bytes.sha256(Bytes.utf8("block 17, lost in a restore"));
  private static final Bytes NEW = Bytes.sha256(Bytes.utf8("block 17, made afterwards"));

  @Test
  void anotherBlockOfTheSameHeightHasOtherNotices() {
    DeviceMail.Place lost = new DeviceMail.Place(LOST, 3);
    DeviceMail.Place made = new DeviceMail.Place(NEW, 3);
    assertThat(made.messageId(OWNER)).isNotEqualTo(lost.messageId(OWNER));
    assertThat(made.rowId(OWNER, 0)).isNotEqualTo(lost.rowId(OWNER, 0));
  }

  @Test
  void whoeverSendsABlocksNoticeAgainGivesItTheSameName() {
    DeviceMail.Place first = new DeviceMail.Place(LOST, 3);
    DeviceMail.Place again = new DeviceMail.Place(LOST, 3, "signed again");
    assertThat(new DeviceMail.Place(LOST, 3)).isEqualTo(first);
    assertThat(again.messageId(OWNER)).isEqualTo(first.messageId(OWNER));
    assertThat(again.rowId(OWNER, 0)).isNotEqualTo(first.rowId(OWNER, 0));
  }

  @Test
  void eachNoticeOfABlockHasANameOfItsOwnForEachOwner() {
    DeviceMail.Place place = new DeviceMail.Place(LOST, 3);
    assertThat(new DeviceMail.Place(LOST, 4).messageId(OWNER)).isNotEqualTo(place.messageId(OWNER));
    assertThat(place.messageId("another device")).isNotEqualTo(place.messageId(OWNER));
    assertThat(place.rowId(OWNER, 1)).isNotEqualTo(place.rowId(OWNER, 0));
  }
}
