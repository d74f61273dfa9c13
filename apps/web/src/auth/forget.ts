const prefix = 'parley'
/** How this device shows and tells things: nobody's in particular. */
const kept = new Set([
  'parley.theme',
  'parley.locale',
  'parley.density',
  'parley.text_size',
  'parley.send_key',
  'parley.sounds',
])

/** Removes what the browser keeps of whoever was signed in. What other parts hold open goes later. */
export async function forgetEverything(): Promise<void> {
  for (const key of Object.keys(localStorage))
    if (key.startsWith(prefix) && !kept.has(key)) localStorage.removeItem(key)
  // The router's too: it names the places one was at.
  sessionStorage.clear()
  const databases = await indexedDB.databases().catch(() => [])
  for (const { name } of databases)
    if (name?.startsWith(prefix) === true) indexedDB.deleteDatabase(name)
}
