//! Kinds of secrets and their names in JSON and metrics. Detects nothing.

/// What kind of secret was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretKind {
    /// A recovery phrase.
    Mnemonic,
    /// A private key in hexadecimal digits.
    PrivateKeyHex,
    /// A private key in another form: base58, base32, bech32, a byte array, PEM.
    PrivateKey,
    /// A Bitcoin-style private key in wallet import format.
    Wif,
    /// An extended private key.
    Xprv,
    /// A mini private key (from coins and paper).
    MiniKey,
    /// A private key encrypted with a passphrase.
    Bip38,
    /// An encrypted key file.
    Keystore,
    /// A card number.
    Pan,
    /// The security code of a card.
    Cvv,
    /// The expiry date beside a card number.
    CardExpiry,
    /// A password, passphrase or PIN.
    Password,
    /// A code that is valid once, or the secret that such codes are made of.
    OneTimeCode,
    /// A key or token of a programming interface.
    ApiToken,
    /// The answer to a question that lets in whoever forgot the password.
    SecurityAnswer,
}

impl SecretKind {
    /// All kinds.
    pub const ALL: [SecretKind; 15] = [
        SecretKind::Mnemonic,
        SecretKind::PrivateKeyHex,
        SecretKind::PrivateKey,
        SecretKind::Wif,
        SecretKind::Xprv,
        SecretKind::MiniKey,
        SecretKind::Bip38,
        SecretKind::Keystore,
        SecretKind::Pan,
        SecretKind::Cvv,
        SecretKind::CardExpiry,
        SecretKind::Password,
        SecretKind::OneTimeCode,
        SecretKind::ApiToken,
        SecretKind::SecurityAnswer,
    ];

    /// The name used in JSON and metrics.
    pub fn code(self) -> &'static str {
        match self {
            SecretKind::Mnemonic => "mnemonic",
            SecretKind::PrivateKeyHex => "private-key-hex",
            SecretKind::PrivateKey => "private-key",
            SecretKind::Wif => "wif",
            SecretKind::Xprv => "xprv",
            SecretKind::MiniKey => "mini-key",
            SecretKind::Bip38 => "bip38",
            SecretKind::Keystore => "keystore",
            SecretKind::Pan => "pan",
            SecretKind::Cvv => "cvv",
            SecretKind::CardExpiry => "card-expiry",
            SecretKind::Password => "password",
            SecretKind::OneTimeCode => "one-time-code",
            SecretKind::ApiToken => "api-token",
            SecretKind::SecurityAnswer => "security-answer",
        }
    }

    /// The kind of that name.
    pub fn from_code(code: &str) -> Option<SecretKind> {
        SecretKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Returns true if and only if two people hardly ever have an equal one: then an equal one is the
    /// same wallet, card or account. Passwords and short codes are not.
    pub fn is_unique(self) -> bool {
        self.opens_wallet() || matches!(self, SecretKind::Pan | SecretKind::ApiToken)
    }

    /// Returns true if and only if whoever reads it can move the funds of a wallet, at once or after
    /// guessing a password.
    pub fn opens_wallet(self) -> bool {
        matches!(
            self,
            SecretKind::Mnemonic
                | SecretKind::PrivateKeyHex
                | SecretKind::PrivateKey
                | SecretKind::Wif
                | SecretKind::Xprv
                | SecretKind::MiniKey
                | SecretKind::Bip38
                | SecretKind::Keystore
        )
    }
}
