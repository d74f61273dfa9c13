import type { Page } from '@playwright/test'

export interface PasskeyDevice {
  /** Whether whoever holds it can show who they are. */
  knowsUser(knows: boolean): Promise<void>
  /** How many passkeys it has. */
  count(): Promise<number>
}

/** Gives a page the device that Chromium has for tests: a real one in all but its hardware. */
export async function passkeyDevice(page: Page): Promise<PasskeyDevice> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    knowsUser: async (isUserVerified) => {
      await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    count: async () =>
      (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
  }
}
