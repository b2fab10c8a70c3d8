import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import { LOG } from '#shared/messaging/messaging.module.js';
import { HearCommand } from '../commands/hear-command.js';
import { PressButton } from '../commands/press-button.js';
import { UseShortcut } from '../commands/use-shortcut.js';
import { SLACK_CONFIG, type SlackConfig } from '../config.js';
import { Home } from '../home/home.js';
import { SubmitModal } from '../modals/submit-modal.js';
import { NoteFromThread } from '../threads/note-from-thread.js';
import { mountBolt } from './bolt-app.js';
import { homeOpened, messageEvent, submissionBody } from './incoming.js';
import { NestReceiver } from './nest-receiver.js';
import { Workspace } from './workspace.js';

const SOCKET_RETRY_MS = 5_000;

/** Mounts Bolt on our HTTP door, or on a web socket of Slack's when there is an app token (Socket Mode). */
@Injectable()
export class SlackMount implements OnModuleInit, OnApplicationShutdown {
  private socket: SocketModeReceiver | undefined;
  private timer: NodeJS.Timeout | undefined;
  private mounted = false;
  private ended = false;

  constructor(
    @Inject(SLACK_CONFIG) private readonly config: SlackConfig,
    private readonly http: NestReceiver,
    private readonly workspace: Workspace,
    private readonly commands: HearCommand,
    private readonly buttons: PressButton,
    private readonly shortcuts: UseShortcut,
    private readonly modals: SubmitModal,
    private readonly notes: NoteFromThread,
    private readonly home: Home,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    // Nest calls this once for the app and once more for a microservice that is connected to it.
    if (this.mounted) return;
    this.mounted = true;
    const { SLACK_APP_TOKEN: appToken, SLACK_API_URL: slackApiUrl } = this.config;
    if (appToken !== undefined) {
      this.socket = new SocketModeReceiver({ appToken, installerOptions: { clientOptions: { slackApiUrl } } });
    }
    mountBolt(
      this.config,
      this.socket ?? this.http,
      this.workspace,
      {
        command: async (body) => this.commands.hear(body),
        press: async (body) => this.buttons.press(body),
        shortcut: async (body) => this.shortcuts.use(body),
        submit: async (body, ack) => this.modals.submit(submissionBody.parse(body), ack),
        message: async (event, retryNum) => this.notes.hear(messageEvent.parse(event), retryNum),
        homeOpened: async (event) => {
          const { user, tab } = homeOpened.parse(event);
          if (tab === 'home') await this.home.show(user);
        },
      },
      this.log,
    );
    if (this.socket) void this.keepConnected(this.socket);
  }

  async onApplicationShutdown(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.socket
      ?.stop()
      .catch((error: unknown) => this.log.info({ err: error }, 'the web socket was gone already'));
    await this.http.stop();
  }

  private async keepConnected(socket: SocketModeReceiver): Promise<void> {
    try {
      await socket.start();
      this.log.info('connected to Slack by Socket Mode');
    } catch (error) {
      if (this.ended) return;
      this.log.warn({ err: error }, 'no Socket Mode connection yet; trying on');
      this.timer = setTimeout(() => void this.keepConnected(socket), SOCKET_RETRY_MS);
    }
  }
}
