import type { Locale } from './words.ts'

interface StrengthWords {
  /** What the meter measures. */
  label: string
  /** From weak to strong. */
  levels: readonly [string, string, string, string]
}

/** What the strength meter says: a portion of its own, for whoever chooses a password. */
export const strengthWords: { readonly [L in Locale]: StrengthWords } = {
  en: {
    label: 'Password strength',
    levels: ['Weak', 'Fair', 'Good', 'Strong'],
  },
  de: {
    label: 'Stärke des Passworts',
    levels: ['Schwach', 'Mäßig', 'Gut', 'Stark'],
  },
  ar: {
    label: 'قوة كلمة المرور',
    levels: ['ضعيفة', 'متوسطة', 'جيدة', 'قوية'],
  },
}
