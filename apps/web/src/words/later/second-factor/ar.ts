import type { LaterWords } from '../../words.ts'
import type { secondFactorEn } from './en.ts'

export const secondFactorAr = {
  'totp.title': 'تسجيل الدخول بخطوتين',
  'totp.hint': 'عند تفعيله يحتاج تسجيل الدخول إلى كلمة المرور ورمز من تطبيق مصادقة على هاتفك.',
  'totp.since': 'مفعّل منذ {date}.',
  'totp.left': {
    zero: 'لم يبقَ أي رمز استرداد.',
    one: 'بقي رمز استرداد واحد.',
    two: 'بقي رمزا استرداد.',
    few: 'بقيت {count} رموز استرداد.',
    many: 'بقي {count} رمز استرداد.',
    other: 'بقي {count} رمز استرداد.',
  },
  'totp.few': 'أنشئ رموزًا جديدة قبل أن تنفد.',
  'totp.set_up': 'إعداد',
  'totp.add': 'إضافة تطبيق مصادقة',
  'totp.scan': 'امسح هذا بتطبيق المصادقة.',
  'totp.qr': 'رمز QR لتطبيق المصادقة',
  'totp.open_app': 'فتح في تطبيق على هذا الجهاز',
  'totp.by_hand': 'أو اكتب هذا المفتاح في التطبيق:',
  'totp.copy_secret': 'نسخ المفتاح',
  'totp.enter': 'أدخل الرمز الذي يعرضه التطبيق.',
  'totp.turn_on': 'تفعيل',
  'totp.turned_on': 'تم تفعيل تسجيل الدخول بخطوتين.',
  'totp.codes': 'رموز الاسترداد',
  'totp.codes_text':
    'احفظها حيث تجدها بدون هاتفك. كل رمز يسجّل دخولك مرة واحدة بدلًا من رمز التطبيق. لن تظهر مرة أخرى.',
  'totp.codes_of': 'رموز استرداد {email} في {place}',
  'totp.copy_codes': 'نسخ الرموز',
  'totp.save_codes': 'تنزيل الرموز',
  'totp.kept': 'لقد حفظتها',
  'totp.renew': 'رموز استرداد جديدة',
  'totp.renew_title': 'رموز استرداد جديدة؟',
  'totp.renew_text': 'لن تعمل الرموز السابقة بعد ذلك.',
  'totp.turn_off': 'إيقاف',
  'totp.turn_off_title': 'إيقاف تسجيل الدخول بخطوتين؟',
  'totp.turn_off_text': 'سيحتاج تسجيل الدخول إلى كلمة المرور فقط، ولن تعمل رموز الاسترداد بعد ذلك.',
  'totp.turned_off': 'تم إيقاف تسجيل الدخول بخطوتين.',
  'problem.second_factor': 'تم تغيير هذا من مكان آخر في هذه الأثناء.',
  'due.title': 'إعداد عامل ثانٍ',
  'due.instance':
    'يشترط هذا الخادم عاملًا ثانيًا على الجميع: شيئًا إضافة إلى كلمة المرور، كي لا يدخل أحد بها وحدها.',
  'due.workspaces':
    'يُشترط عامل ثانٍ في {names}: شيء إضافة إلى كلمة المرور، كي لا يدخل أحد بها وحدها.',
  'due.joining': 'ما فتحته يشترط عاملًا ثانيًا: شيئًا إضافة إلى كلمة المرور، كي لا يدخل أحد بها وحدها.',
  'due.choose': 'أعِدّ أحد هذين للمتابعة',
  'due.continue': 'متابعة',
  'problem.second_factor_due': 'أعِدّ عاملًا ثانيًا أولًا.',
  'problem.last_second_factor':
    'يشترط هذا الخادم أو إحدى مساحات عملك عاملًا ثانيًا. أعِدّ عاملًا آخر أولًا.',
} satisfies Pick<LaterWords, keyof typeof secondFactorEn>
