import { type RouteRecordRaw, createRouter, createWebHistory } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/',
    component: () => import('./Shell.vue'),
    children: [
      { path: '', name: 'home', component: () => import('../workspaces/HomePage.vue') },
      {
        path: 'w/:workspace(\\d+)/c/:chat(\\d+)',
        name: 'chat',
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
