package org.interseal.rethinkdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** With the exchange of RFC 7677, section 3. */
class ScramClientTest {
  private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
  private static final String SERVER_NONCE = NONCE + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String CHALLENGE =
      "r=" + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

  private final ScramClient scram = new ScramClient("user", Password.of("pencil"), NONCE);

  @Test
  void provesThePasswordAsTheStandardSays() {
    assertThat(scram.firstMessage()).isEqualTo("n,,n=user,r=" + NONCE);
    assertThat(scram.finalMessage(CHALLENGE))
        .isEqualTo("c=biws,r=" + SERVER_NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    scram.verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  }

  @Test
  void refusesAServerThatDoesNotKnowThePassword() {
    var _ = scram.finalMessage(CHALLENGE);
    assertThatThrownBy(() -> scram.verify("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))
        .isInstanceOf(AuthenticationRefused.class);
    assertThatThrownBy(() -> scram.verify("e=other-error"))
        .isInstanceOf(AuthenticationRefused.class);
  }

  @Test
  void refusesAnAnswerToAnotherLogIn() {
    assertThatThrownBy(() -> scram.finalMessage("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
        .isInstanceOf(AuthenticationRefused.class);
    assertThatThrownBy(
            () -> scram.finalMessage("r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
        .isInstanceOf(AuthenticationRefused.class);
  }

  @Test
  void refusesAChallengeThatCostsTooMuchOrIsNone() {
    for (String cost : new String[] {"0", "-1", "1000001", "x", ""}) {
      assertThatThrownBy(() ->
              scram.finalMessage("r=" + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=" + cost))
          .isInstanceOf(AuthenticationRefused.class);
    }
  }

  @Test
  void keepsAProofThatWasNeverAskedForFromCounting() {
    assertThatThrownBy(() -> scram.verify("v=")).isInstanceOf(AuthenticationRefused.class);
  }

  @Test
  void escapesWhatWouldEndAUserName() {
    assertThat(new ScramClient("a,b=c", Password.empty(), "n").firstMessage())
        .isEqualTo("n,,n=a=2Cb=3Dc,r=n");
  }

  @Test
  void answersAnEmptyPasswordToo() {
    var empty = new ScramClient("admin", Password.empty(), NONCE);
    assertThat(empty.finalMessage(CHALLENGE)).contains(",p=");
  }
}
