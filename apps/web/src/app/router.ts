import { type RouteRecordRaw, type Router, createRouter, createWebHistory } from 'vue-router'
import { later } from './later.ts'
import ChatPage from '../chats/ChatPage.vue'
import Shell from './Shell.vue'

/* oxlint-disable typescript/no-unsafe-assignment -- the linter does not read components; vue-tsc does */

const place = later(() => import('./LaterPlace.vue'))
const administration = later(() => import('../administration/AdministrationPlace.vue'))

const routes: RouteRecordRaw[] = [
  // Without the chats, which the server keeps back.
  {
    path: '/settings/second-factor',
    component: later(() => import('../settings/security/SecondFactorDue.vue')),
  },
  {
    path: '/',
    component: Shell,
    children: [
      { path: '', name: 'home', component: place },
      { path: 'w/:workspace(\\d+)', name: 'workspace', component: place },
      { path: 'w/:workspace(\\d+)/c/:chat(\\d+)', name: 'chat', component: ChatPage },
      {
        // The list jumps to the message; all else is as without it.
        path: 'w/:workspace(\\d+)/c/:chat(\\d+)/m/:message(\\d+)',
        name: 'message',
        component: ChatPage,
      },
      { path: 'w/:workspace(\\d+)/dm/:user(\\d+)', name: 'direct', component: place },
      { path: 'w/:workspace(\\d+)/browse', name: 'browse', component: place },
      { path: 'w/:workspace(\\d+)/people', name: 'people', component: place },
      { path: 'w/:workspace(\\d+)/audit', name: 'audit', component: administration },
      { path: 'admin/:page?', name: 'admin', component: administration },
      { path: 'setup', name: 'setup', component: administration },
      {
        path: 'settings/:page?',
        name: 'settings',
        component: later(() => import('../settings/SettingsPage.vue')),
      },
      { path: ':rest(.*)*', name: 'nowhere', component: place },
    ],
  },
]

/**
 * Of those who are signed in; who is not has another program (auth/door.ts). It goes to the place
 * that the address names when it is made.
 */
export const makeRouter = (): Router => createRouter({ history: createWebHistory(), routes })
