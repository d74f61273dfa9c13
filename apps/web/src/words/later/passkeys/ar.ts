import type { LaterWords } from '../../words.ts'
import type { passkeysEn } from './en.ts'

export const passkeysAr = {
  'passkey.title': 'مفاتيح المرور',
  'passkey.hint':
    'سجّل الدخول ببصمة الإصبع أو الوجه أو رمز PIN الخاص بجهازك، دون كلمة مرور ودون رمز.',
  'passkey.name': 'اسم مفتاح المرور',
  'passkey.add': 'إضافة مفتاح مرور',
  'passkey.added': 'تمت إضافة مفتاح المرور.',
  'passkey.synced': 'متزامن',
  'passkey.never_used': 'لم يُستخدم بعد',
  'passkey.rename': 'إعادة التسمية',
  'passkey.rename_one': 'إعادة تسمية {name}',
  'passkey.remove': 'إزالة',
  'passkey.remove_one': 'إزالة {name}',
  'passkey.remove_ask': 'هل تريد إزالة {name}؟',
  'passkey.remove_text':
    'لن يسجّل أحد الدخول به بعد الآن. قد يستمر جهازك في عرضه إلى أن تحذفه هناك أيضًا.',
  'passkey.removed': 'تمت إزالة مفتاح المرور.',
  'passkey.use': 'استخدام مفتاح مرور',
  'passkey.not_used': 'لم يُستخدم أي مفتاح مرور.',
  'passkey.refused': 'مفتاح المرور هذا لا يعمل هنا.',
  'passkey.expired': 'استغرق ذلك وقتًا طويلًا. ابدأ من جديد بكلمة المرور.',
  'passkey.there_is_one': 'يوجد مفتاح مرور لك على هذا الجهاز بالفعل.',
  'passkey.no_passkey': 'لا يوجد مفتاح مرور لحسابك.',
  'passkey.no_passkeys': 'لا توجد مفاتيح مرور في هذا العنوان.',
  'passkey.too_many': 'هذا هو العدد الأقصى. أزل مفتاحًا لا تحتاج إليه.',
} satisfies Pick<LaterWords, keyof typeof passkeysEn>
