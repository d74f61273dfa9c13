import type { Locale } from './words.ts'

interface SecondWords {
  /** What the field is called that takes a code of the app. */
  code: string
  code_hint: string
  recovery: string
  recovery_hint: string
  use_recovery: string
  use_code: string
  /** Said where too few digits are there. */
  six: string
  wrong_code: string
  wrong_recovery: string
  expired: string
  back: string
}

/** What the second step of signing in says: a portion of its own, for whoever has one. */
export const secondWords: { readonly [L in Locale]: SecondWords } = {
  en: {
    code: 'Code',
    code_hint: 'The 6 digits that your authenticator app shows.',
    recovery: 'Recovery code',
    recovery_hint: 'One of those you kept when you turned this on. Each works once.',
    use_recovery: 'Use a recovery code',
    use_code: 'Use the app',
    six: 'A code has 6 digits.',
    wrong_code: 'The code is wrong or too old. Wait for the next one.',
    wrong_recovery: 'The recovery code is wrong or was used before.',
    expired: 'That took too long or too many attempts. Sign in again.',
    back: 'Back',
  },
  de: {
    code: 'Code',
    code_hint: 'Die 6 Ziffern, die deine Authenticator-App zeigt.',
    recovery: 'Wiederherstellungscode',
    recovery_hint: 'Einer von denen, die du beim Einschalten aufbewahrt hast. Jeder gilt einmal.',
    use_recovery: 'Wiederherstellungscode verwenden',
    use_code: 'App verwenden',
    six: 'Ein Code hat 6 Ziffern.',
    wrong_code: 'Der Code ist falsch oder zu alt. Warte auf den nächsten.',
    wrong_recovery: 'Der Wiederherstellungscode ist falsch oder wurde schon benutzt.',
    expired: 'Das hat zu lange gedauert, oder es waren zu viele Versuche. Melde dich neu an.',
    back: 'Zurück',
  },
  ar: {
    code: 'الرمز',
    code_hint: 'الأرقام الستة التي يعرضها تطبيق المصادقة.',
    recovery: 'رمز الاسترداد',
    recovery_hint: 'أحد الرموز التي حفظتها عند التفعيل. كل رمز صالح مرة واحدة.',
    use_recovery: 'استخدام رمز استرداد',
    use_code: 'استخدام التطبيق',
    six: 'يتكون الرمز من 6 أرقام.',
    wrong_code: 'الرمز خاطئ أو قديم جدًا. انتظر الرمز التالي.',
    wrong_recovery: 'رمز الاسترداد خاطئ أو سبق استخدامه.',
    expired: 'استغرق ذلك وقتًا طويلًا أو محاولات كثيرة. سجّل الدخول من جديد.',
    back: 'رجوع',
  },
}
