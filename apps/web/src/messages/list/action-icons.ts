import { Link, MailOpen, Pencil, Trash2 } from '@lucide/vue'
import type { Component } from 'vue'
import type { MessageAction } from './actions.ts'

/** Loaded with what shows them. */
export const actionIcons: Readonly<Record<MessageAction['name'], Component>> = {
  edit: Pencil,
  unread: MailOpen,
  link: Link,
  delete: Trash2,
}
