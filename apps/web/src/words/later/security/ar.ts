import type { LaterWords } from '../../words.ts'
import type { securityEn } from './en.ts'

export const securityAr = {
  'settings.security': 'الأمان',
  'security.password': 'كلمة المرور',
  'security.new_password': 'كلمة مرور جديدة',
  'security.password_ends': 'سيتم تسجيل خروجك من كل مكان آخر.',
  'security.change_password': 'تغيير كلمة المرور',
  'security.password_changed': 'تم تغيير كلمة المرور، وتسجيل الخروج من جميع الأجهزة الأخرى.',
  'security.devices': 'أين سجّلت الدخول',
  'security.devices_hint': 'سجّل الخروج من كل ما لا تعرفه، ثم غيّر كلمة المرور.',
  'security.device': '{program} على {system}',
  'security.unknown_device': 'جهاز غير معروف',
  'security.this_device': 'هذا الجهاز',
  'security.last_used': 'آخر استخدام: {time}',
  'security.end_device': 'تسجيل خروج {name}',
  'security.end_others': 'تسجيل الخروج من كل مكان آخر',
  'security.ended': 'تم تسجيل الخروج هناك.',
  'security.export': 'خذ بياناتك معك',
  'security.export_hint':
    'ملف مضغوط فيه كل ما كتبته وأرسلته وضبطته هنا، وما هو معروف عنك. مرة في اليوم.',
  'security.export_ask': 'طلب بياناتك',
  'security.export_ready': 'يمكنك تنزيلها من هنا حتى {time}.',
  'security.export_elsewhere':
    'طلبتها من الجهاز الذي كنت مسجّلًا فيه حينها. يمكنك الطلب مجددًا في {time}.',
  'security.export_download': 'تنزيل',
  'security.confirm': 'أكّد أنك صاحب الحساب',
  'security.confirm_text': 'يحتاج هذا التغيير إلى كلمة المرور.',
  'security.confirm_do': 'تأكيد',
  'reset.title': 'هل نسيت كلمة المرور؟',
  'reset.text': 'سنرسل إليك رابطًا لاختيار كلمة مرور جديدة.',
  'reset.send': 'إرسال الرابط',
  'reset.asked':
    'إذا كان هناك حساب بهذا البريد الإلكتروني فالرابط في طريقه إليك، وهو صالح لمدة 30 دقيقة.',
  'reset.choose': 'اختر كلمة مرور جديدة',
  'reset.changed': 'تم تغيير كلمة المرور. سجّل الدخول بالكلمة الجديدة.',
  'reset.gone': 'هذا الرابط مستخدم أو قديم جدًا. اطلب رابطًا جديدًا.',
  'reset.back': 'العودة إلى تسجيل الدخول',
} satisfies Pick<LaterWords, keyof typeof securityEn>
