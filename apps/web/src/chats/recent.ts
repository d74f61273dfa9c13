const key = 'parley.recent'
const most = 30

/** The chats that were opened in this browser, the last one first. */
export function recentChats(): number[] {
  return (localStorage.getItem(key) ?? '')
    .split(',')
    .map(Number)
    .filter((id) => Number.isSafeInteger(id) && id > 0)
}

export function rememberChat(id: number): void {
  const others = recentChats().filter((one) => one !== id)
  localStorage.setItem(key, [id, ...others].slice(0, most).join(','))
}
