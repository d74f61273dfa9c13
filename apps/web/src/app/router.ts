import { type RouteRecordRaw, createRouter, createWebHistory } from 'vue-router'

/** One component for both, so that going from one to the other leaves the page as it is. */
const chatPage = () => import('../chats/ChatPage.vue')

const routes: RouteRecordRaw[] = [
  {
    path: '/',
    component: () => import('./Shell.vue'),
    children: [
      { path: '', name: 'home', component: () => import('../workspaces/HomePage.vue') },
      {
        path: 'w/:workspace(\\d+)',
        name: 'workspace',
        component: () => import('../workspaces/WorkspacePage.vue'),
      },
      {
        path: 'w/:workspace(\\d+)/c/:chat(\\d+)',
        name: 'chat',
        component: chatPage,
      },
      {
        // The list jumps to the message; all else is as without it.
        path: 'w/:workspace(\\d+)/c/:chat(\\d+)/m/:message(\\d+)',
        name: 'message',
        component: chatPage,
      },
      {
        path: 'w/:workspace(\\d+)/dm/:user(\\d+)',
        name: 'direct',
        component: () => import('../chats/DirectPage.vue'),
      },
      {
        path: 'w/:workspace(\\d+)/browse',
        name: 'browse',
        component: () => import('../chats/BrowsePage.vue'),
      },
      {
        path: 'settings/:page?',
        name: 'settings',
        component: () => import('../settings/SettingsPage.vue'),
      },
      {
        path: ':rest(.*)*',
        name: 'nowhere',
        component: () => import('./NotFoundPage.vue'),
      },
      {
        path: 'w/:workspace(\\d+)/c/:chat(\\d+)/m/:message(\\d+)',
        name: 'message',
        component: () => import('../chats/ChatPage.vue'),
      },
      {
        path: 'settings/notifications',
        component: () => import('../settings/NotificationSettings.vue'),
      },
    ],
  },
]

/** Of those who are signed in; who is not has another program (auth/door.ts). */
export const router = createRouter({ history: createWebHistory(), routes })
